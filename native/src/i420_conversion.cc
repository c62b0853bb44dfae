#include <algorithm>

#include "i420_picture.h"

namespace mykvm {

namespace {

// Pixels that are taken apart at once: small enough for the first-level cache, a multiple of every vector width.
constexpr int BLOCK = 128;

// One colour component of one block of two rows, 16 bits a sample, so that the compiler can use 16-bit vectors.
struct Block {
  uint16_t red[2][BLOCK];
  uint16_t green[2][BLOCK];
  uint16_t blue[2][BLOCK];
};

void unpack(const uint32_t* pixels, int count, uint16_t* __restrict red, uint16_t* __restrict green,
            uint16_t* __restrict blue) {
  for (int i = 0; i < count; i++) {
    red[i] = static_cast<uint16_t>((pixels[i] >> 16) & 0xff);
    green[i] = static_cast<uint16_t>((pixels[i] >> 8) & 0xff);
    blue[i] = static_cast<uint16_t>(pixels[i] & 0xff);
  }
}

// ITU-R BT.601, limited range, in 8-bit fixed point; the sum stays below 2^16.
void write_luma(const uint16_t* red, const uint16_t* green, const uint16_t* blue, int count,
                uint8_t* __restrict y) {
  for (int i = 0; i < count; i++) {
    const uint16_t sum = static_cast<uint16_t>(66 * red[i] + 129 * green[i] + 25 * blue[i] + 128);
    y[i] = static_cast<uint8_t>((sum >> 8) + 16);
  }
}

// The mean of 2x2 pixels; the sums stay within ±2^15.
void write_chroma(const Block& block, int count, uint8_t* __restrict u, uint8_t* __restrict v) {
  const auto mean = [](const uint16_t rows[2][BLOCK], int at) {
    return static_cast<int16_t>((rows[0][at] + rows[0][at + 1] + rows[1][at] + rows[1][at + 1] + 2) >> 2);
  };
  for (int i = 0; i < count / 2; i++) {
    const int16_t red = mean(block.red, 2 * i);
    const int16_t green = mean(block.green, 2 * i);
    const int16_t blue = mean(block.blue, 2 * i);
    const int16_t blue_difference = static_cast<int16_t>(-38 * red - 74 * green + 112 * blue + 128);
    const int16_t red_difference = static_cast<int16_t>(112 * red - 94 * green - 18 * blue + 128);
    u[i] = static_cast<uint8_t>((blue_difference >> 8) + 128);
    v[i] = static_cast<uint8_t>((red_difference >> 8) + 128);
  }
}

void unpack(const uint8_t* bytes, int count, uint16_t* __restrict red, uint16_t* __restrict green,
            uint16_t* __restrict blue) {
  for (int i = 0; i < count; i++) {
    red[i] = bytes[3 * i];
    green[i] = bytes[3 * i + 1];
    blue[i] = bytes[3 * i + 2];
  }
}

// `samples_per_row` and `samples_per_pixel` are in units of Sample.
template <typename Sample>
void convert(const Sample* pixels, size_t samples_per_row, size_t samples_per_pixel, I420Picture& picture) {
  const int width = picture.width();
  Block block;
  for (int row = 0; row < picture.height(); row += 2) {
    const size_t top = static_cast<size_t>(row) * static_cast<size_t>(width);
    const size_t chroma = top / 4;
    for (int x = 0; x < width; x += BLOCK) {
      const int count = std::min(BLOCK, width - x);
      for (int line = 0; line < 2; line++) {
        const Sample* const from =
            pixels + static_cast<size_t>(row + line) * samples_per_row + static_cast<size_t>(x) * samples_per_pixel;
        const size_t at = top + static_cast<size_t>(line * width + x);
        unpack(from, count, block.red[line], block.green[line], block.blue[line]);
        write_luma(block.red[line], block.green[line], block.blue[line], count, picture.y() + at);
      }
      const size_t chroma_at = chroma + static_cast<size_t>(x / 2);
      write_chroma(block, count, picture.u() + chroma_at, picture.v() + chroma_at);
    }
  }
}

}  // namespace

void convert_rgb_to_i420(const uint32_t* pixels, I420Picture& picture) {
  convert(pixels, static_cast<size_t>(picture.width()), 1, picture);
}

void convert_rgb24_to_i420(const uint8_t* bytes, size_t stride, I420Picture& picture) {
  convert(bytes, stride, 3, picture);
}

}  // namespace mykvm
