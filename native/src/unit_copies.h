#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mykvm {

using UnitCopy = std::shared_ptr<const std::vector<uint8_t>>;

// Copies of access units for those who send them. An access unit goes to all viewers in one turn of the event loop and is never
// changed, so that its viewers can share one copy, which lives as long as one of them needs it. Used by one thread.
class UnitCopies {
 public:
  UnitCopy of(const uint8_t* unit, size_t size, uint32_t timestamp) {
    UnitCopy copy = last_.lock();
    if (copy && unit == unit_ && size == copy->size() && timestamp == timestamp_) return copy;
    copy = std::make_shared<const std::vector<uint8_t>>(unit, unit + size);
    last_ = copy;
    unit_ = unit;
    timestamp_ = timestamp;
    return copy;
  }

 private:
  std::weak_ptr<const std::vector<uint8_t>> last_;
  const uint8_t* unit_ = nullptr;
  uint32_t timestamp_ = 0;
};

}  // namespace mykvm
