#pragma once

#include <poll.h>

#include <cstddef>
#include <cstdint>

#include "unique_fd.h"

namespace mykvm {

// Wakes a thread that waits in poll(): an eventfd, so that it can be waited for together with a device.
class WakeEvent {
 public:
  // Throws CodedError when there is no descriptor left.
  WakeEvent();

  // From any thread. Several calls before the waiter looks count as one.
  void signal();

  // Waits for signal() until `deadline_us` (CLOCK_MONOTONIC; a negative one means for ever) and takes the signal. Ends too
  // when one of the `count` entries of `others` has events; negative descriptors are left out, as poll() does.
  void wait_until(int64_t deadline_us, pollfd* others, size_t count);

 private:
  UniqueFd fd_;
};

}  // namespace mykvm
