#pragma once

#include <algorithm>
#include <cstdint>

#include "access_unit.h"

namespace mykvm {

// How long one stage took, over all pictures.
struct StageTime {
  int64_t total_us = 0;
  int64_t most_us = 0;

  void add(int64_t us) {
    total_us += us;
    most_us = std::max(most_us, us);
  }
};

// Where the time goes from the source to JavaScript. Repeats of a still picture are left out: no source delivered them.
struct StageTimes {
  uint32_t pictures = 0;
  // From the capture time until the picture was taken from the source.
  StageTime capture;
  // Until the encoder had time for it.
  StageTime wait;
  // Conversion and encoding.
  StageTime encode;
  // Until JavaScript took it.
  StageTime hand_over;

  void add(const AccessUnit& unit, int64_t now_us) {
    if (unit.taken_us < 0) return;
    pictures++;
    capture.add(unit.taken_us - unit.timestamp_us);
    wait.add(unit.coded_us - unit.encode_us - unit.taken_us);
    encode.add(unit.encode_us);
    hand_over.add(now_us - unit.coded_us);
  }
};

}  // namespace mykvm
