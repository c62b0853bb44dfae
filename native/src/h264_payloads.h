#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mykvm {

// Payload of one RTP packet in pieces: pointers into the access unit, and the few bytes in between that RFC 6184 adds.
struct H264Payload {
  struct Piece {
    const uint8_t* bytes;
    size_t size;
  };
  // Of a fragment its indicator and header, of an aggregate its header and the sizes.
  std::array<uint8_t, 8> own{};
  std::vector<Piece> pieces;
  size_t size = 0;
  // The last packet of the access unit.
  bool last = false;

  void clear();
  void add(const uint8_t* bytes, size_t count);
};

// Cuts access units into RTP payloads of packetization mode 1 (RFC 6184): SPS and PPS in one STAP-A, each other NAL unit alone, or in
// FU-A when it is longer than a payload.
class H264Payloads {
 public:
  explicit H264Payloads(size_t most_payload_bytes) : most_(most_payload_bytes) {}

  // Begins with an access unit in Annex B, which must stay until its last payload was taken.
  void begin(const uint8_t* unit, size_t size);
  // The next payload, or null. It is valid until the next call.
  const H264Payload* next();

 private:
  void split(const uint8_t* unit, size_t size);
  bool aggregate();
  void fragment(const H264Payload::Piece& nal);

  const size_t most_;
  std::vector<H264Payload::Piece> nals_;
  size_t nal_ = 0;
  // Where the next fragment of the current NAL unit begins; 0 when it is whole.
  size_t fragment_at_ = 0;
  H264Payload payload_;
};

}  // namespace mykvm
