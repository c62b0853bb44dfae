#include "i420_picture.h"

#include <algorithm>
#include <cstring>

namespace mykvm {

namespace {

bool rows_equal(const uint8_t* a, const uint8_t* b, int width, int height, const Rect& ignore) {
  const size_t stride = static_cast<size_t>(width);
  const int top = std::min(ignore.y, height);
  const int bottom = std::min(ignore.y + ignore.height, height);
  const size_t left = static_cast<size_t>(std::min(ignore.x, width));
  const size_t right = static_cast<size_t>(std::min(ignore.x + ignore.width, width));
  if (std::memcmp(a, b, stride * static_cast<size_t>(top)) != 0) return false;
  for (int row = top; row < bottom; row++) {
    const size_t at = stride * static_cast<size_t>(row);
    if (std::memcmp(a + at, b + at, left) != 0) return false;
    if (std::memcmp(a + at + right, b + at + right, stride - right) != 0) return false;
  }
  const size_t rest = stride * static_cast<size_t>(bottom);
  return std::memcmp(a + rest, b + rest, stride * static_cast<size_t>(height - bottom)) == 0;
}

}  // namespace

void I420Picture::resize(int width, int height) {
  width_ = width;
  height_ = height;
  bytes_.resize(luma_size() * 3 / 2);
}

bool I420Picture::equals(const I420Picture& other, const Rect& ignore) const {
  if (width_ != other.width_ || height_ != other.height_) return false;
  const int left = ignore.x & ~1;
  const int top = ignore.y & ~1;
  const bool none = ignore.width <= 0 || ignore.height <= 0;
  const Rect luma{left, top, none ? 0 : ((ignore.x + ignore.width + 1) & ~1) - left,
                  none ? 0 : ((ignore.y + ignore.height + 1) & ~1) - top};
  const Rect chroma{luma.x / 2, luma.y / 2, luma.width / 2, luma.height / 2};
  return rows_equal(y(), other.y(), width_, height_, luma) &&
         rows_equal(u(), other.u(), width_ / 2, height_ / 2, chroma) &&
         rows_equal(v(), other.v(), width_ / 2, height_ / 2, chroma);
}

}  // namespace mykvm
