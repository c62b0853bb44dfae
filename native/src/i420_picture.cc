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

// Whether the columns [left, left + width) of `height` rows are the same.
bool block_equal(const uint8_t* a, const uint8_t* b, size_t stride, int left, int width, int height) {
  for (int row = 0; row < height; row++) {
    const size_t at = static_cast<size_t>(row) * stride + static_cast<size_t>(left);
    if (std::memcmp(a + at, b + at, static_cast<size_t>(width)) != 0) return false;
  }
  return true;
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

int I420Picture::changed_macroblocks(const I420Picture& other) const {
  if (width_ != other.width_ || height_ != other.height_) return macroblocks();
  const size_t luma_stride = static_cast<size_t>(width_);
  const size_t chroma_stride = luma_stride / 2;
  int changed = 0;
  for (int top = 0; top < height_; top += 16) {
    const int rows = std::min(16, height_ - top);
    const size_t luma = static_cast<size_t>(top) * luma_stride;
    const size_t chroma = static_cast<size_t>(top / 2) * chroma_stride;
    if (std::memcmp(y() + luma, other.y() + luma, static_cast<size_t>(rows) * luma_stride) == 0 &&
        std::memcmp(u() + chroma, other.u() + chroma, static_cast<size_t>(rows / 2) * chroma_stride) == 0 &&
        std::memcmp(v() + chroma, other.v() + chroma, static_cast<size_t>(rows / 2) * chroma_stride) == 0) {
      continue;
    }
    for (int left = 0; left < width_; left += 16) {
      const int columns = std::min(16, width_ - left);
      const bool same =
          block_equal(y() + luma, other.y() + luma, luma_stride, left, columns, rows) &&
          block_equal(u() + chroma, other.u() + chroma, chroma_stride, left / 2, columns / 2, rows / 2) &&
          block_equal(v() + chroma, other.v() + chroma, chroma_stride, left / 2, columns / 2, rows / 2);
      if (!same) changed++;
    }
  }
  return changed;
}

}  // namespace mykvm
