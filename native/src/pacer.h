#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace mykvm {

// How much of a burst may leave now, so that a slow path is not filled by it. A line of the given rate is imagined: what it would
// take BURST_US to carry leaves at once, the rest as the line gets free. Has no clock of its own; all times are microseconds.
class Pacer {
 public:
  static constexpr size_t UNLIMITED = std::numeric_limits<size_t>::max();

  // In bits per second; 0: nothing is held back.
  void set_rate(uint64_t bitrate_bps) { bitrate_bps_ = bitrate_bps; }

  // How long so many bytes wait at such a rate, about.
  static double wait_ms(uint64_t bitrate_bps, size_t waiting) {
    if (bitrate_bps == 0) return 0;
    return std::min(static_cast<double>(waiting) * BITS / 1000 / static_cast<double>(bitrate_bps), MOST_WAIT_US / 1000.0);
  }

  // How many bytes may leave now. What waits is gone after MOST_WAIT_US, whatever the rate is.
  size_t allowance(int64_t now_us, size_t waiting) {
    if (bitrate_bps_ == 0) return UNLIMITED;
    present_bps_ = std::max({bitrate_bps_, present_bps_, waiting * BITS / MOST_WAIT_US});
    const int64_t left_us = now_us + BURST_US - free_us_;
    if (left_us < CHUNK_US) return 0;
    return std::max<size_t>(1, static_cast<size_t>(std::min(left_us, BURST_US)) * present_bps_ / BITS);
  }

  // These bytes left; more than the allowance is made up for later.
  void spend(int64_t now_us, size_t bytes) {
    if (bitrate_bps_ == 0) return;
    free_us_ = std::max(free_us_, now_us) + static_cast<int64_t>(bytes * BITS / std::max(bitrate_bps_, present_bps_));
  }

  // Nothing waits any more.
  void rest() { present_bps_ = 0; }

  // When there is an allowance again.
  int64_t next_us() const { return free_us_ - BURST_US + CHUNK_US; }

 private:
  // Of a byte, times the microseconds of a second.
  static constexpr uint64_t BITS = 8'000'000;
  // A picture like most others waits for nothing.
  static constexpr int64_t BURST_US = 20'000;
  // So much at a time: a wake-up of the thread costs more than a packet.
  static constexpr int64_t CHUNK_US = 4000;
  static constexpr int64_t MOST_WAIT_US = 500'000;

  uint64_t bitrate_bps_ = 0;
  uint64_t present_bps_ = 0;
  int64_t free_us_ = 0;
};

}  // namespace mykvm
