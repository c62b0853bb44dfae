#pragma once

#include <vector>

#include "buffer_queue.h"
#include "capture_input.h"
#include "raw_picture.h"

namespace mykvm {

// Sets the format of a capture queue: the first of `fourccs` that the device delivers, in the size of the timings; without
// timings the first that it delivers fast enough. Throws CodedError EOPNOTSUPP when it delivers none of them.
RawFormat choose_capture_format(const VideoDevice& device, const BufferQueue& queue, uint32_t queue_type,
                                const InputReading& input, const std::vector<uint32_t>& fourccs);

// How the driver says that colours are coded, its defaults resolved as the kernel's headers do.
Colour colour_of(const QueueFormat& format);

}  // namespace mykvm
