// Linux calls that Swift cannot reach itself: C declares them with variable arguments, or only for
// programs that ask for GNU extensions.
#pragma once
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/input.h>
#include <linux/usbdevice_fs.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/timex.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

// Neither this process nor what it starts can gain privileges any more (set-uid and the like).
static inline int linux_give_up_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

// No core dump, and no other process of the same user may read this one's memory.
static inline int linux_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

extern int pipe2(int ends[2], int flags);
static inline int linux_pipe_cloexec(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
static inline int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

// This process's variables, `name=value`, up to a null pointer.
extern char **environ;
static inline char **linux_environment(void) { return environ; }

// Whether the kernel's clock follows a time source: 1 it does, 0 it does not, -1 it may not be asked.
static inline int linux_clock_is_synchronized(void) {
  struct timex state = {0};
  int result = adjtimex(&state);
  if (result < 0) return -1;
  return result != TIME_ERROR && !(state.status & STA_UNSYNC);
}

static inline int linux_event_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

extern int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout,
                 const sigset_t *signals);
// poll(2) in nanoseconds; UINT64_MAX waits without limit.
static inline int linux_poll(struct pollfd *descriptors, unsigned long count, uint64_t nanoseconds) {
  struct timespec time = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
  return ppoll(descriptors, count, nanoseconds == UINT64_MAX ? 0 : &time, 0);
}

// The event of a peer that sends no more; <poll.h> shows it to GNU programs only.
static const short linux_poll_hang_up = 0x2000;

static inline int linux_ioctl(int descriptor, unsigned long request, void *argument) {
  return ioctl(descriptor, request, argument);
}

// usbdevfs; results are 0 or more, or -1 with errno.
static inline int linux_usb_claim(int node, unsigned int interface) {
  return ioctl(node, USBDEVFS_CLAIMINTERFACE, &interface);
}

static inline int linux_usb_release(int node, unsigned int interface) {
  return ioctl(node, USBDEVFS_RELEASEINTERFACE, &interface);
}

// Fails with ENODEV on a node whose device is gone.
static inline int linux_usb_connection(int node) {
  struct usbdevfs_connectinfo information;
  return ioctl(node, USBDEVFS_CONNECTINFO, &information);
}

// One transfer from a bulk endpoint, its length, within a time of at least 1 ms.
static inline int linux_usb_read(int node, unsigned int endpoint, void *buffer, unsigned int length,
                                 unsigned int milliseconds) {
  struct usbdevfs_bulktransfer transfer = {endpoint, length, milliseconds, buffer};
  return ioctl(node, USBDEVFS_BULK, &transfer);
}

// A descriptor that becomes readable when a name is removed from this folder.
static inline int linux_watch_removals(const char *folder) {
  int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watch >= 0 && inotify_add_watch(watch, folder, IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR) < 0) {
    close(watch);
    return -1;
  }
  return watch;
}

// i2c-dev: what is written next goes to the device at this address (7 bits), which a kernel driver
// must not have; a bus that hangs gives up after so many tens of milliseconds.
static inline int linux_i2c_select(int bus, unsigned long address, unsigned long timeout) {
  if (ioctl(bus, I2C_TIMEOUT, timeout) < 0 || ioctl(bus, I2C_RETRIES, 1ul) < 0) return -1;
  return ioctl(bus, I2C_SLAVE, address);
}
