#pragma once

#include <cstdint>
#include <vector>

namespace mykvm {

// One coded picture as it goes to JavaScript.
struct AccessUnit {
  std::vector<uint8_t> bytes;
  bool keyframe;
  int64_t timestamp_us;
  uint32_t number;
  int width;
  int height;
  // When the picture came out of its source; negative for a repeat of the one before.
  int64_t taken_us;
  // How long the conversion and the encoder worked on it.
  int64_t encode_us;
  int64_t coded_us;
};

}  // namespace mykvm
