#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mykvm {

// Reads the bits of a NAL unit's payload without emulation prevention (ITU-T H.264, 7.3.1: RBSP). Beyond the end there are
// zeros, and whole() is false from then on.
class RbspReader {
 public:
  explicit RbspReader(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}

  // At most 32.
  uint32_t bits(unsigned count) {
    uint32_t value = 0;
    while (count-- > 0) value = value << 1 | next();
    return value;
  }
  bool flag() { return next() != 0; }

  // ue(v), 9.1; longer ones than the standard has are not whole.
  uint32_t unsigned_code() {
    unsigned zeros = 0;
    while (next() == 0) {
      zeros++;
      if (zeros < 32 && whole_) continue;
      whole_ = false;
      return 0;
    }
    return (uint32_t{1} << zeros) - 1 + bits(zeros);
  }
  // se(v) takes as many bits.
  void skip_code() { unsigned_code(); }

  // Bits read so far.
  size_t at() const { return at_; }
  size_t left() const { return bytes_.size() * 8 - at_; }
  bool whole() const { return whole_; }

 private:
  uint32_t next() {
    if (at_ == bytes_.size() * 8) {
      whole_ = false;
      return 0;
    }
    const uint32_t bit = bytes_[at_ / 8] >> (7 - at_ % 8) & 1u;
    at_++;
    return bit;
  }

  const std::vector<uint8_t>& bytes_;
  size_t at_ = 0;
  bool whole_ = true;
};

// Writes such a payload.
class RbspWriter {
 public:
  void bits(uint32_t value, unsigned count) {
    while (count-- > 0) append(value >> count & 1);
  }
  void flag(bool value) { append(value ? 1 : 0); }

  // ue(v), of small numbers.
  void unsigned_code(uint32_t value) {
    unsigned length = 1;
    while ((value + 1) >> length != 0) length++;
    bits(0, length - 1);
    bits(value + 1, length);
  }

  // The bits `from` to `to` of another one.
  void copy(const std::vector<uint8_t>& bytes, size_t from, size_t to) {
    for (size_t at = from; at < to; at++) append(bytes[at / 8] >> (7 - at % 8) & 1u);
  }

  // The payload, closed by rbsp_trailing_bits.
  std::vector<uint8_t> finish() {
    append(1);
    while (filled_ != 0) append(0);
    return std::move(bytes_);
  }

 private:
  void append(uint32_t bit) {
    if (filled_ == 0) bytes_.push_back(0);
    bytes_.back() = static_cast<uint8_t>(bytes_.back() | bit << (7 - filled_));
    filled_ = (filled_ + 1) % 8;
  }

  std::vector<uint8_t> bytes_;
  unsigned filled_ = 0;
};

}  // namespace mykvm
