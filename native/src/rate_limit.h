#pragma once

#include <algorithm>
#include <cstdint>

namespace mykvm {

// Limits pictures per second (the generic cell rate algorithm of ITU-T I.371). A quarter of a period is forgiven, so that
// a source of just this rate with jitter is not held back. The mean may exceed the limit by a fifteenth: at the exact rate
// one late picture or one forced keyframe would hold back every later picture by up to 3/4 of a period, for ever.
class RateLimit {
 public:
  explicit RateLimit(double per_second) { set_rate(per_second); }

  void set_rate(double per_second) { period_us_ = static_cast<int64_t>(1e6 / per_second * 15 / 16); }
  int64_t due_us() const { return expected_us_ - period_us_ / 4; }
  // A picture was coded at `now_us`.
  void charge(int64_t now_us) { expected_us_ = std::max(expected_us_, now_us) + period_us_; }

 private:
  int64_t period_us_ = 0;
  int64_t expected_us_ = 0;
};

}  // namespace mykvm
