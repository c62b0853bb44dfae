#include "raw_picture.h"

#include <algorithm>
#include <cstring>

namespace mykvm {

namespace {

bool planar(uint32_t fourcc) { return fourcc == V4L2_PIX_FMT_NV12 || fourcc == V4L2_PIX_FMT_YUV420; }

// Two rows of 4:2:2 become two rows of luma and one of chroma, the mean of both. `luma` is 1 in U Y V Y, 0 in Y U Y V.
template <int LUMA>
void convert_packed_rows(const uint8_t* __restrict top, const uint8_t* __restrict bottom, int width,
                         uint8_t* __restrict y_top, uint8_t* __restrict y_bottom, uint8_t* __restrict u,
                         uint8_t* __restrict v) {
  constexpr int CHROMA = 1 - LUMA;
  for (int i = 0; i < width / 2; i++) {
    y_top[2 * i] = top[4 * i + LUMA];
    y_top[2 * i + 1] = top[4 * i + 2 + LUMA];
    y_bottom[2 * i] = bottom[4 * i + LUMA];
    y_bottom[2 * i + 1] = bottom[4 * i + 2 + LUMA];
    u[i] = static_cast<uint8_t>((top[4 * i + CHROMA] + bottom[4 * i + CHROMA] + 1) >> 1);
    v[i] = static_cast<uint8_t>((top[4 * i + 2 + CHROMA] + bottom[4 * i + 2 + CHROMA] + 1) >> 1);
  }
}

template <int LUMA>
void convert_packed(const RawFormat& format, const uint8_t* bytes, I420Picture& picture) {
  const size_t width = static_cast<size_t>(format.width);
  for (int row = 0; row < format.height; row += 2) {
    const uint8_t* const top = bytes + static_cast<size_t>(row) * format.stride;
    const size_t luma = static_cast<size_t>(row) * width;
    convert_packed_rows<LUMA>(top, top + format.stride, format.width, picture.y() + luma, picture.y() + luma + width,
                              picture.u() + luma / 4, picture.v() + luma / 4);
  }
}

void copy_rows(const uint8_t* source, size_t source_stride, uint8_t* target, size_t target_stride, size_t width,
               int height) {
  for (int row = 0; row < height; row++) {
    std::memcpy(target + static_cast<size_t>(row) * target_stride, source + static_cast<size_t>(row) * source_stride,
                width);
  }
}

void convert_nv12(const RawFormat& format, const uint8_t* bytes, I420Picture& picture) {
  const size_t width = static_cast<size_t>(format.width);
  copy_rows(bytes, format.stride, picture.y(), width, width, format.height);
  const uint8_t* const chroma = bytes + size_t{format.stride} * static_cast<size_t>(format.height);
  for (int row = 0; row < format.height / 2; row++) {
    const uint8_t* __restrict pairs = chroma + static_cast<size_t>(row) * format.stride;
    uint8_t* __restrict u = picture.u() + static_cast<size_t>(row) * width / 2;
    uint8_t* __restrict v = picture.v() + static_cast<size_t>(row) * width / 2;
    for (size_t i = 0; i < width / 2; i++) {
      u[i] = pairs[2 * i];
      v[i] = pairs[2 * i + 1];
    }
  }
}

void convert_yu12(const RawFormat& format, const uint8_t* bytes, I420Picture& picture) {
  const size_t width = static_cast<size_t>(format.width);
  const size_t luma_size = size_t{format.stride} * static_cast<size_t>(format.height);
  copy_rows(bytes, format.stride, picture.y(), width, width, format.height);
  copy_rows(bytes + luma_size, format.stride / 2, picture.u(), width / 2, width / 2, format.height / 2);
  copy_rows(bytes + luma_size * 5 / 4, format.stride / 2, picture.v(), width / 2, width / 2, format.height / 2);
}

}  // namespace

size_t least_size(const RawFormat& format) {
  const size_t first_plane = size_t{format.stride} * static_cast<size_t>(format.height);
  if (format.fourcc == V4L2_PIX_FMT_MJPEG) return 1;
  return planar(format.fourcc) ? first_plane * 3 / 2 : first_plane;
}

void convert_to_i420(const RawFormat& format, const uint8_t* bytes, I420Picture& picture) {
  picture.resize(format.width, format.height);
  switch (format.fourcc) {
    case V4L2_PIX_FMT_UYVY:
      return convert_packed<1>(format, bytes, picture);
    case V4L2_PIX_FMT_YUYV:
      return convert_packed<0>(format, bytes, picture);
    case V4L2_PIX_FMT_NV12:
      return convert_nv12(format, bytes, picture);
    case V4L2_PIX_FMT_YUV420:
      return convert_yu12(format, bytes, picture);
    case V4L2_PIX_FMT_RGB24:
      return convert_rgb24_to_i420(bytes, format.stride, picture);
    default:
      return convert_rgb_to_i420(reinterpret_cast<const uint32_t*>(bytes), picture);
  }
}

void copy_picture(const RawFormat& from, const uint8_t* source, const RawFormat& to, uint8_t* target) {
  const int height = std::min(from.height, to.height);
  const size_t row = std::min(from.stride, to.stride);
  copy_rows(source, from.stride, target, to.stride, row, height);
  if (!planar(from.fourcc)) return;
  const size_t from_luma = size_t{from.stride} * static_cast<size_t>(from.height);
  const size_t to_luma = size_t{to.stride} * static_cast<size_t>(to.height);
  if (from.fourcc == V4L2_PIX_FMT_NV12) {
    copy_rows(source + from_luma, from.stride, target + to_luma, to.stride, row, height / 2);
    return;
  }
  for (size_t plane = 4; plane <= 5; plane++) {
    copy_rows(source + from_luma * plane / 4, from.stride / 2, target + to_luma * plane / 4, to.stride / 2, row / 2,
              height / 2);
  }
}

}  // namespace mykvm
