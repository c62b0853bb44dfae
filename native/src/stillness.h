#pragma once

#include <cstddef>
#include <cstdint>

namespace mykvm {

// Tells from the sizes of coded pictures alone that the screen is still, so that no pixel is read. Then the encoder is fed
// at most 10 pictures per second, and at the full rate from the first larger picture on: what changes on a still screen
// waits up to 100 ms, 50 ms in the mean, and the encoder rests five sixths of the time.
class Stillness {
 public:
  static constexpr int64_t PERIOD_US = 100'000;

  void set_macroblocks(int macroblocks) {
    // A picture without any change is one run of skipped macroblocks: a dozen bytes, whatever its size. Encoders that
    // keep sharpening are left to do so.
    threshold_ = 64 + static_cast<size_t>(macroblocks) / 16;
    small_ = 0;
  }

  // A keyframe is large whatever the screen does.
  void coded(size_t bytes, bool keyframe) {
    if (keyframe) return;
    small_ = bytes < threshold_ ? small_ + 1 : 0;
  }

  bool still() const { return small_ >= ENOUGH; }

 private:
  // Half a second at 60 pictures per second.
  static constexpr uint32_t ENOUGH = 30;

  size_t threshold_ = 0;
  uint32_t small_ = 0;
};

}  // namespace mykvm
