/* A careful C program on libnfc's public interface: taps an OATH card, calculates a code,
 * releases the card, and says how long each tap took. Every return code is checked, every
 * wait is finite, nothing is tried twice. It is the yardstick for the bench and the sweep.
 *
 *   careful_tap CONNSTRING NAME CHALLENGE-HEX [TAPS [TIMEOUT-MS]]
 *
 * Output, one line each:
 *   open us <n>
 *   tap <i> code <code> us <n>      or      tap <i> refused <step> <number> <text>
 *   usage user_us <n> system_us <n> max_rss_kb <n>
 * Exit status: 0 every tap gave a code, 75 one was refused, 69 no reader, 64 usage. */

#include <inttypes.h>
#include <nfc/nfc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { EXIT_USAGE = 64, EXIT_NO_READER = 69, EXIT_REFUSED = 75 };
enum { NAME_LIMIT = 64, CHALLENGE_LIMIT = 64, COMMAND_LIMIT = 255, RESPONSE_LIMIT = 264 };
enum { CODE_SIZE = 16 };
enum { TAG_NAME = 0x71, TAG_CHALLENGE = 0x74, TAG_TRUNCATED = 0x76 };

struct request {
  const char *name;
  uint8_t challenge[CHALLENGE_LIMIT];
  size_t challenge_length;
  int timeout_ms;
};

/* Where and why a tap ended without a code. */
struct refusal {
  const char *step;
  int number;
  const char *text;
};

static int64_t now_us(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool refuse(struct refusal *refusal, const char *step, int number, const char *text)
{
  *refusal = (struct refusal){step, number, text};
  return false;
}

static bool refuse_nfc(struct refusal *refusal, const char *step, nfc_device *device, int result)
{
  return refuse(refusal, step, result, nfc_strerror(device));
}

/* Sends one APDU. On success the response is without its status word, which was 9000. */
static bool exchange(nfc_device *device, const char *step, const uint8_t *command, size_t length,
                     const struct request *request, uint8_t *response, size_t *received,
                     struct refusal *refusal)
{
  int count = nfc_initiator_transceive_bytes(device, command, length, response, RESPONSE_LIMIT,
                                             request->timeout_ms);
  if (count < 0)
    return refuse_nfc(refusal, step, device, count);
  if (count < 2)
    return refuse(refusal, step, count, "shorter than a status word");
  int status = response[count - 2] << 8 | response[count - 1];
  if (status != 0x9000)
    return refuse(refusal, step, status, "status word");
  *received = (size_t)count - 2;
  return true;
}

static bool select_application(nfc_device *device, const struct request *request,
                               struct refusal *refusal)
{
  static const uint8_t command[] = {0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00,
                                    0x00, 0x05, 0x27, 0x21, 0x01, 0x00};
  uint8_t response[RESPONSE_LIMIT];
  size_t received;
  return exchange(device, "select-application", command, sizeof command, request, response,
                  &received, refusal);
}

static size_t calculate_command(const struct request *request, uint8_t *command)
{
  size_t name_length = strlen(request->name);
  size_t length = 0;
  command[length++] = 0x00;
  command[length++] = 0xA2;
  command[length++] = 0x00;
  command[length++] = 0x01;
  command[length++] = (uint8_t)(name_length + request->challenge_length + 4);
  command[length++] = TAG_NAME;
  command[length++] = (uint8_t)name_length;
  memcpy(command + length, request->name, name_length);
  length += name_length;
  command[length++] = TAG_CHALLENGE;
  command[length++] = (uint8_t)request->challenge_length;
  memcpy(command + length, request->challenge, request->challenge_length);
  length += request->challenge_length;
  command[length++] = 0x00;
  return length;
}

static bool calculate(nfc_device *device, const struct request *request, char *code,
                      struct refusal *refusal)
{
  static const uint32_t powers[] = {1000000, 10000000, 100000000};
  uint8_t command[COMMAND_LIMIT + 6], response[RESPONSE_LIMIT];
  size_t received, length = calculate_command(request, command);
  if (!exchange(device, "calculate", command, length, request, response, &received, refusal))
    return false;
  if (received != 7 || response[0] != TAG_TRUNCATED || response[1] != 5)
    return refuse(refusal, "calculate", (int)received, "not a truncated response");
  int digits = response[2];
  if (digits < 6 || digits > 8)
    return refuse(refusal, "calculate", digits, "digits out of range");
  uint32_t value = (uint32_t)(response[3] & 0x7F) << 24 | (uint32_t)response[4] << 16 |
                   (uint32_t)response[5] << 8 | response[6];
  snprintf(code, CODE_SIZE, "%0*" PRIu32, digits, value % powers[digits - 6]);
  return true;
}

static bool tap(nfc_device *device, const struct request *request, char *code,
                struct refusal *refusal)
{
  const nfc_modulation type_a = {.nmt = NMT_ISO14443A, .nbr = NBR_106};
  nfc_target target;
  int found = nfc_initiator_select_passive_target(device, type_a, NULL, 0, &target);
  if (found < 0)
    return refuse_nfc(refusal, "select-card", device, found);
  if (found == 0)
    return refuse(refusal, "select-card", 0, "no card");
  bool done = select_application(device, request, refusal) &&
              calculate(device, request, code, refusal);
  int released = nfc_initiator_deselect_target(device);
  if (done && released < 0)
    return refuse_nfc(refusal, "release", device, released);
  return done;
}

static bool run_taps(nfc_device *device, const struct request *request, long taps)
{
  bool all = true;
  for (long index = 0; index < taps; index++) {
    char code[CODE_SIZE];
    struct refusal refusal;
    int64_t start = now_us();
    bool done = tap(device, request, code, &refusal);
    int64_t took = now_us() - start;
    if (done)
      printf("tap %ld code %s us %" PRId64 "\n", index, code, took);
    else
      printf("tap %ld refused %s %d %s\n", index, refusal.step, refusal.number, refusal.text);
    fflush(stdout);
    all = all && done;
  }
  return all;
}

static int64_t microseconds(struct timeval time)
{
  return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static void print_usage(void)
{
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    return;
  printf("usage user_us %" PRId64 " system_us %" PRId64 " max_rss_kb %ld\n",
         microseconds(usage.ru_utime), microseconds(usage.ru_stime), usage.ru_maxrss);
}

static bool parse_hex(const char *text, struct request *request)
{
  size_t digits = strlen(text);
  if (digits == 0 || digits % 2 != 0 || digits / 2 > CHALLENGE_LIMIT)
    return false;
  for (size_t index = 0; index < digits / 2; index++) {
    char pair[3] = {text[2 * index], text[2 * index + 1], 0};
    char *end;
    request->challenge[index] = (uint8_t)strtoul(pair, &end, 16);
    if (*end != 0 || pair[0] == '-' || pair[0] == '+')
      return false;
  }
  request->challenge_length = digits / 2;
  return true;
}

/* A number from 1 to `limit`, or 0. */
static long parse_count(const char *text, long limit)
{
  char *end;
  long value = strtol(text, &end, 10);
  return *end == 0 && value >= 1 && value <= limit ? value : 0;
}

static nfc_device *open_reader(nfc_context *context, const char *connstring)
{
  int64_t start = now_us();
  nfc_device *device = nfc_open(context, connstring);
  if (!device)
    return NULL;
  if (nfc_initiator_init(device) < 0 ||
      nfc_device_set_property_bool(device, NP_INFINITE_SELECT, false) < 0) {
    fprintf(stderr, "careful_tap: init: %s\n", nfc_strerror(device));
    nfc_close(device);
    return NULL;
  }
  printf("open us %" PRId64 "\n", now_us() - start);
  return device;
}

int main(int argc, char **argv)
{
  struct request request = {.timeout_ms = 1000};
  long taps = 1, timeout = 1000;
  bool valid = argc >= 4 && argc <= 6 && parse_hex(argv[3], &request);
  if (valid && argc > 4)
    valid = (taps = parse_count(argv[4], 1000000)) != 0;
  if (valid && argc > 5)
    valid = (timeout = parse_count(argv[5], 60000)) != 0;
  if (!valid || strlen(argv[2]) == 0 || strlen(argv[2]) > NAME_LIMIT) {
    fprintf(stderr, "usage: careful_tap CONNSTRING NAME CHALLENGE-HEX [TAPS [TIMEOUT-MS]]\n");
    return EXIT_USAGE;
  }
  request.name = argv[2];
  request.timeout_ms = (int)timeout;

  nfc_context *context = NULL;
  nfc_init(&context);
  if (!context) {
    fprintf(stderr, "careful_tap: libnfc does not start\n");
    return EXIT_NO_READER;
  }
  nfc_device *device = open_reader(context, argv[1]);
  if (!device) {
    fprintf(stderr, "careful_tap: no reader at %s\n", argv[1]);
    nfc_exit(context);
    return EXIT_NO_READER;
  }
  bool all = run_taps(device, &request, taps);
  nfc_close(device);
  nfc_exit(context);
  print_usage();
  return all ? 0 : EXIT_REFUSED;
}
