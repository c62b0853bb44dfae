#pragma once

#include <time.h>

#include <cstdint>

namespace mykvm {

// CLOCK_MONOTONIC in microseconds: the clock of capture times, and of V4L2 buffer timestamps.
inline int64_t monotonic_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace mykvm
