#include "h264_payloads.h"

#include <algorithm>
#include <cstring>

namespace mykvm {

namespace {

constexpr uint8_t SPS = 7;
constexpr uint8_t PPS = 8;
constexpr uint8_t STAP_A = 24;
constexpr uint8_t FU_A = 28;
constexpr uint8_t FU_START = 0x80;
constexpr uint8_t FU_END = 0x40;
constexpr size_t FU_BYTES = 2;
// As many parameter sets as the sizes fit into H264Payload::own.
constexpr size_t MOST_AGGREGATED = 3;

uint8_t type_of(const H264Payload::Piece& nal) { return nal.bytes[0] & 0x1f; }

// The next start code (ITU-T H.264 B.1), three bytes, or null.
const uint8_t* find_start_code(const uint8_t* from, const uint8_t* end) {
  if (end - from < 3) return nullptr;
  for (const uint8_t* at = from + 2; at < end; ++at) {
    at = static_cast<const uint8_t*>(std::memchr(at, 1, static_cast<size_t>(end - at)));
    if (at == nullptr) return nullptr;
    if (at[-1] == 0 && at[-2] == 0) return at - 2;
  }
  return nullptr;
}

}  // namespace

void H264Payload::clear() {
  pieces.clear();
  size = 0;
  last = false;
}

void H264Payload::add(const uint8_t* bytes, size_t count) {
  pieces.push_back({bytes, count});
  size += count;
}

void H264Payloads::begin(const uint8_t* unit, size_t size) {
  nals_.clear();
  nal_ = 0;
  fragment_at_ = 0;
  split(unit, size);
}

void H264Payloads::split(const uint8_t* unit, size_t size) {
  const uint8_t* const end = unit + size;
  const uint8_t* code = find_start_code(unit, end);
  while (code != nullptr) {
    const uint8_t* const start = code + 3;
    code = find_start_code(start, end);
    const uint8_t* stop = code == nullptr ? end : code;
    // Zeros before the next start code belong to no NAL unit, whose last byte is never zero.
    while (stop > start && stop[-1] == 0) --stop;
    if (stop > start) nals_.push_back({start, static_cast<size_t>(stop - start)});
  }
}

const H264Payload* H264Payloads::next() {
  if (nal_ >= nals_.size()) return nullptr;
  payload_.clear();
  if (nal_ == 0 && fragment_at_ == 0 && aggregate()) {
    payload_.last = nal_ == nals_.size();
    return &payload_;
  }
  const H264Payload::Piece& nal = nals_[nal_];
  if (nal.size > most_) {
    fragment(nal);
  } else {
    payload_.add(nal.bytes, nal.size);
    ++nal_;
  }
  payload_.last = nal_ == nals_.size();
  return &payload_;
}

// Section 5.7.1: the header with the highest NRI of all, then each size and NAL unit.
bool H264Payloads::aggregate() {
  size_t count = 0;
  size_t size = 1;
  uint8_t importance = 0;
  while (count < std::min(nals_.size(), MOST_AGGREGATED)) {
    const H264Payload::Piece& nal = nals_[count];
    if ((type_of(nal) != SPS && type_of(nal) != PPS) || size + 2 + nal.size > most_) break;
    size += 2 + nal.size;
    importance = std::max<uint8_t>(importance, nal.bytes[0] & 0x60);
    ++count;
  }
  if (count < 2) return false;
  payload_.own[0] = importance | STAP_A;
  payload_.add(&payload_.own[0], 1);
  for (size_t i = 0; i < count; ++i) {
    uint8_t* const size_field = &payload_.own[1 + 2 * i];
    size_field[0] = static_cast<uint8_t>(nals_[i].size >> 8);
    size_field[1] = static_cast<uint8_t>(nals_[i].size);
    payload_.add(size_field, 2);
    payload_.add(nals_[i].bytes, nals_[i].size);
  }
  nal_ = count;
  return true;
}

// Section 5.8.
void H264Payloads::fragment(const H264Payload::Piece& nal) {
  const bool first = fragment_at_ == 0;
  // The NAL unit's own header goes into that of the fragment.
  if (first) fragment_at_ = 1;
  const size_t size = std::min(most_ - FU_BYTES, nal.size - fragment_at_);
  const bool end = fragment_at_ + size == nal.size;
  payload_.own[0] = (nal.bytes[0] & 0xe0) | FU_A;
  payload_.own[1] = static_cast<uint8_t>((first ? FU_START : 0) | (end ? FU_END : 0) | type_of(nal));
  payload_.add(payload_.own.data(), FU_BYTES);
  payload_.add(nal.bytes + fragment_at_, size);
  fragment_at_ = end ? 0 : fragment_at_ + size;
  if (end) ++nal_;
}

}  // namespace mykvm
