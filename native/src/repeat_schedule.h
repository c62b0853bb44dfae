#pragma once

#include <cstddef>
#include <cstdint>

namespace mykvm {

// When a still picture is coded again: it must sharpen within a second, and a receiver that lost its last packet must
// get something after which it notices. Then once a second: stillness must not look like death.
class RepeatSchedule {
 public:
  // The picture changed and was coded at `now_us`.
  void restart(int64_t now_us) {
    changed_us_ = now_us;
    done_ = 0;
  }
  // The repeat that was due has been coded.
  void advance() { done_++; }

  int64_t due_us() const {
    constexpr int64_t FIRST_US[] = {50'000, 150'000, 400'000};
    constexpr size_t COUNT = sizeof FIRST_US / sizeof FIRST_US[0];
    constexpr int64_t LATER_US = 1'000'000;
    if (done_ < COUNT) return changed_us_ + FIRST_US[done_];
    return changed_us_ + FIRST_US[COUNT - 1] + static_cast<int64_t>(done_ - COUNT + 1) * LATER_US;
  }

 private:
  int64_t changed_us_ = 0;
  size_t done_ = 0;
};

}  // namespace mykvm
