#pragma once

#include <cstdint>

namespace mykvm {

// When a still picture is coded again. Early and dense while it is coarse: it must sharpen within a second. And at 50, 150
// and 400 ms, then once a second, whatever its quality: a receiver that lost the last packet must get something after
// which it notices, and stillness must not look like death.
class RepeatSchedule {
 public:
  // The picture changed and was coded at `now_us`.
  void restart(int64_t now_us) {
    changed_us_ = now_us;
    due_us_ = now_us + FIRST_US;
  }

  // A repeat was coded at `now_us`; `coarse` when another one would make it sharper.
  void advance(int64_t now_us, bool coarse) {
    const int64_t passed_us = due_us_ - changed_us_;
    if (passed_us == FIRST_US) {
      due_us_ = changed_us_ + SECOND_US;
    } else if (passed_us == SECOND_US) {
      due_us_ = changed_us_ + THIRD_US;
    } else {
      due_us_ = now_us + (coarse ? REFINE_US : STILL_US);
    }
  }

  int64_t due_us() const { return due_us_; }

 private:
  static constexpr int64_t FIRST_US = 50'000;
  static constexpr int64_t SECOND_US = 150'000;
  static constexpr int64_t THIRD_US = 400'000;
  static constexpr int64_t REFINE_US = 150'000;
  static constexpr int64_t STILL_US = 1'000'000;

  int64_t changed_us_ = 0;
  int64_t due_us_ = 0;
};

}  // namespace mykvm
