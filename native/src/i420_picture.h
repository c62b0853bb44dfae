#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mykvm {

// A rectangle in pixels.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// A picture in I420 (BT.601, limited range): the encoder's input. Width and height are even.
class I420Picture {
 public:
  // Sets the size; the content is undefined afterwards. Keeps the memory when the size stays.
  void resize(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  uint8_t* y() { return bytes_.data(); }
  uint8_t* u() { return bytes_.data() + luma_size(); }
  uint8_t* v() { return u() + luma_size() / 4; }
  const uint8_t* y() const { return bytes_.data(); }
  const uint8_t* u() const { return bytes_.data() + luma_size(); }
  const uint8_t* v() const { return u() + luma_size() / 4; }

  // Whether both show the same outside `ignore`, which is widened to the 2x2 grid of the chroma samples.
  bool equals(const I420Picture& other, const Rect& ignore) const;
  // How many macroblocks (16x16) differ from those of `other`: all when the sizes differ.
  int changed_macroblocks(const I420Picture& other) const;
  int macroblocks() const { return ((width_ + 15) / 16) * ((height_ + 15) / 16); }

 private:
  size_t luma_size() const { return static_cast<size_t>(width_) * static_cast<size_t>(height_); }

  int width_ = 0;
  int height_ = 0;
  std::vector<uint8_t> bytes_;
};

// Converts 32-bit words 0x00RRGGBB (rows without padding) into `picture`, whose size says how many are read.
void convert_rgb_to_i420(const uint32_t* pixels, I420Picture& picture);
// The same for three bytes a pixel, red first, with `stride` bytes a row.
void convert_rgb24_to_i420(const uint8_t* bytes, size_t stride, I420Picture& picture);

}  // namespace mykvm
