#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mykvm {

// The last packets of a stream before protection, found by their index (rollover counter and sequence number). Memory is
// touched only as packets come.
class PacketHistory {
 public:
  struct Packet {
    uint64_t index;
    const uint8_t* bytes;
    size_t size;
  };

  // `count` packets of at most `most_bytes`.
  PacketHistory(size_t count, size_t most_bytes)
      : most_bytes_(most_bytes), entries_(count), bytes_(new uint8_t[count * most_bytes]) {}

  size_t count() const { return entries_.size(); }
  // Room for the packet with this index, in the place of the oldest one. It is found after commit().
  uint8_t* reserve(uint64_t index) { return at(index); }
  void commit(uint64_t index, size_t size) { entries_[index % entries_.size()] = {index, size}; }
  // A packet without bytes when it is gone or never was.
  Packet find(uint64_t index) const {
    const Entry& entry = entries_[index % entries_.size()];
    if (entry.size == 0 || entry.index != index) return {index, nullptr, 0};
    return {index, at(index), entry.size};
  }

 private:
  struct Entry {
    uint64_t index = 0;
    size_t size = 0;
  };

  uint8_t* at(uint64_t index) const { return bytes_.get() + index % entries_.size() * most_bytes_; }

  const size_t most_bytes_;
  std::vector<Entry> entries_;
  // Not initialised, unlike what a vector holds.
  const std::unique_ptr<uint8_t[]> bytes_;
};

}  // namespace mykvm
