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
  int64_t encode_us;
};

}  // namespace mykvm
