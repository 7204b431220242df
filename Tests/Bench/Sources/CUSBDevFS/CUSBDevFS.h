// The kernel's usbdevfs interface. Its request numbers are macros Swift cannot read.
#pragma once
#include <linux/usb/ch9.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>

static const unsigned long usbdevfs_control = USBDEVFS_CONTROL;
static const unsigned long usbdevfs_bulk = USBDEVFS_BULK;
static const unsigned long usbdevfs_resetep = USBDEVFS_RESETEP;
static const unsigned long usbdevfs_setinterface = USBDEVFS_SETINTERFACE;
static const unsigned long usbdevfs_setconfiguration = USBDEVFS_SETCONFIGURATION;
static const unsigned long usbdevfs_getdriver = USBDEVFS_GETDRIVER;
static const unsigned long usbdevfs_submiturb = USBDEVFS_SUBMITURB;
static const unsigned long usbdevfs_discardurb = USBDEVFS_DISCARDURB;
static const unsigned long usbdevfs_reapurb = USBDEVFS_REAPURB;
static const unsigned long usbdevfs_reapurbndelay = USBDEVFS_REAPURBNDELAY;
static const unsigned long usbdevfs_claiminterface = USBDEVFS_CLAIMINTERFACE;
static const unsigned long usbdevfs_releaseinterface = USBDEVFS_RELEASEINTERFACE;
static const unsigned long usbdevfs_connectinfo = USBDEVFS_CONNECTINFO;
static const unsigned long usbdevfs_ioctl_request = USBDEVFS_IOCTL;
static const unsigned long usbdevfs_reset = USBDEVFS_RESET;
static const unsigned long usbdevfs_clear_halt = USBDEVFS_CLEAR_HALT;
static const unsigned long usbdevfs_disconnect = USBDEVFS_DISCONNECT;
static const unsigned long usbdevfs_connect = USBDEVFS_CONNECT;
static const unsigned long usbdevfs_get_capabilities = USBDEVFS_GET_CAPABILITIES;
static const unsigned long usbdevfs_disconnect_claim = USBDEVFS_DISCONNECT_CLAIM;
static const unsigned long usbdevfs_get_speed = USBDEVFS_GET_SPEED;
