// libusb-1.0's public interface.
#pragma once
#include <libusb.h>
