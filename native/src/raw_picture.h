#pragma once

#include <linux/videodev2.h>

#include <cstddef>
#include <cstdint>

#include "i420_picture.h"

namespace mykvm {

// How colour is coded, as the decoder must be told it (ITU-T H.264, table E-3 to E-5).
struct Colour {
  enum class Matrix { BT601, BT709, BT2020 };

  Matrix matrix = Matrix::BT601;
  bool full_range = false;

  bool operator==(const Colour& other) const { return matrix == other.matrix && full_range == other.full_range; }
};

// Layout of a source's pictures; sizes are even, `stride` of a compressed format is 0. `fourcc` is V4L2_PIX_FMT_*, `stride` and `size` are in bytes, of a planar
// format `stride` is that of the luma.
struct RawFormat {
  uint32_t fourcc = 0;
  int width = 0;
  int height = 0;
  uint32_t stride = 0;
  size_t size = 0;
  Colour colour;
  // Pictures per second; 0 when unknown.
  double frame_rate = 0;
};

// A picture in the memory of its source, which lends it until it is given back. `slot` is the same for the same memory.
struct RawPicture {
  unsigned slot;
  int64_t timestamp_us;
  // When it was taken from the source.
  int64_t taken_us;
  // Of a compressed format: the bytes that this picture takes.
  size_t used;
  // Left out when pictures are compared.
  Rect ignore;
};

// The bytes that a whole picture takes: `size` may be more. At least one of a compressed format.
size_t least_size(const RawFormat& format);
// Converts into `picture`, which takes the size of the format. The colours keep their matrix, of RGB it is BT.601.
void convert_to_i420(const RawFormat& format, const uint8_t* bytes, I420Picture& picture);
// Copies between two layouts of the same fourcc and width. Rows that only the target has stay as they are.
void copy_picture(const RawFormat& from, const uint8_t* source, const RawFormat& to, uint8_t* target);

}  // namespace mykvm
