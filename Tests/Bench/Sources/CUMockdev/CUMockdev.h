// umockdev's testbed and its ioctl emulation (a GObject library).
#pragma once
#include <umockdev.h>
