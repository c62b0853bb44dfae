#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace mykvm {

// Where the planes of an I420 picture are; strides in bytes.
struct I420Planes {
  uint8_t* y;
  uint8_t* u;
  uint8_t* v;
  size_t luma_stride;
  size_t chroma_stride;
};

// Decodes pictures of Motion JPEG (libjpeg-turbo), in colour of every usual sampling or in grey. Nothing of a picture is
// believed: it comes from whatever is plugged in.
class JpegDecoder {
 public:
  JpegDecoder();
  ~JpegDecoder();
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  // Decodes into BT.601, limited range. False when the picture is broken or cut off, of another size than width x height
  // (which are even), or coded in a way that no camera uses; then the planes hold anything.
  bool decode(const uint8_t* bytes, size_t size, int width, int height, const I420Planes& planes);

 private:
  struct State;

  const std::unique_ptr<State> state_;
};

}  // namespace mykvm
