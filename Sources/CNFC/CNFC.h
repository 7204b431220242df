// libnfc's public interface, and one function it exports without a public header.
#pragma once
#include <nfc/nfc.h>
#include <stddef.h>
#include <stdint.h>

// One raw chip command and its answer through the reader's own driver (libnfc 1.7 and later export
// it; libnfc's pn53x-diagnose uses it). Returns the answer's length, or a negative NFC_E... code.
// `timeout` is in milliseconds; 0 would wait for ever and -1 means the driver's default.
// Weak, so that a libnfc without it is a clear message at start and not a loader error.
extern int pn53x_transceive(nfc_device *device, const uint8_t *tx, const size_t tx_length,
                            uint8_t *rx, const size_t rx_length, int timeout)
    __attribute__((weak));
