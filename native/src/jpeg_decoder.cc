#include "jpeg_decoder.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

// After <cstdio>, which they need.
#include <jerror.h>
#include <jpeglib.h>

namespace mykvm {

namespace {

// Of a row of MCUs: 8 lines of up to 2 blocks each way.
constexpr int MOST_LINES = 2 * DCTSIZE;
constexpr int COMPONENTS = 3;

// What libjpeg calls when it gives up. It is C: no exception may pass it, and nothing with a destructor may be on the stack.
struct Failure {
  jpeg_error_mgr base;
  jmp_buf escape;
};

[[noreturn]] void give_up(j_common_ptr codec) { std::longjmp(reinterpret_cast<Failure*>(codec->err)->escape, 1); }

// Warnings are about missing and wrong picture content, except these: cheap devices pad each picture.
void heed_message(j_common_ptr codec, int level) {
  if (level >= 0) return;
  const int code = codec->err->msg_code;
  if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM) return;
  give_up(codec);
}

void say_nothing(j_common_ptr) {}

void begin_picture(j_common_ptr codec) { codec->err->msg_code = 0; }

// In the place of jpeg_std_error(), which prints: its object refers to stderr in a way that Debian's static library does
// not allow in a shared one.
void set_up(Failure& failure) {
  failure.base.error_exit = give_up;
  failure.base.emit_message = heed_message;
  failure.base.output_message = say_nothing;
  failure.base.reset_error_mgr = begin_picture;
}

// JPEG's samples use the full range of a byte (ITU-T T.871), the pipeline's the limited one. 16 bits are enough for the
// products, and the division by 255 is exact.
void write_luma(const JSAMPLE* from, int count, uint8_t* __restrict to) {
  for (int i = 0; i < count; i++) {
    const uint16_t scaled = static_cast<uint16_t>(from[i] * 219 + 128);
    to[i] = static_cast<uint8_t>(16 + ((scaled + (scaled >> 8)) >> 8));
  }
}

uint8_t limited_chroma(unsigned sample) {
  // 128 of 255 stays 128: the offset is 128 * (255 - 224).
  const unsigned scaled = sample * 224 + 128 * 31 + 128;
  return static_cast<uint8_t>((scaled + (scaled >> 8)) >> 8);
}

// One line of chroma from two (the same one twice when it stands for two already). `HALVE`: two samples become one.
template <bool HALVE>
void write_chroma(const JSAMPLE* top, const JSAMPLE* bottom, int count, uint8_t* __restrict to) {
  for (int i = 0; i < count; i++) {
    const unsigned mean = HALVE ? (top[2 * i] + top[2 * i + 1] + bottom[2 * i] + bottom[2 * i + 1] + 2U) >> 2
                                : (top[i] + bottom[i] + 1U) >> 1;
    to[i] = limited_chroma(mean);
  }
}

}  // namespace

struct JpegDecoder::State {
  jpeg_decompress_struct codec{};
  Failure failure{};
  // Lines that libjpeg writes into: one row of MCUs of each component.
  std::vector<JSAMPLE> memory;
  JSAMPROW lines[COMPONENTS][MOST_LINES] = {};
  JSAMPARRAY components[COMPONENTS] = {lines[0], lines[1], lines[2]};

  bool read(const uint8_t* bytes, size_t size, int width, int height, const I420Planes& planes);
  bool usual() const;
  void make_room();
  void write_lines(int first, int width, int height, const I420Planes& planes);
};

JpegDecoder::JpegDecoder() : state_(std::make_unique<State>()) { set_up(state_->failure); }

JpegDecoder::~JpegDecoder() = default;

bool JpegDecoder::decode(const uint8_t* bytes, size_t size, int width, int height, const I420Planes& planes) {
  // A new codec for each: tables of a broken picture must not be used for the next one, which may have none.
  state_->codec = {};
  state_->codec.err = &state_->failure.base;
  const bool whole = state_->read(bytes, size, width, height, planes);
  jpeg_destroy_decompress(&state_->codec);
  return whole;
}

// Only trivial objects here and in what it calls between libjpeg's calls, see Failure.
bool JpegDecoder::State::read(const uint8_t* bytes, size_t size, int width, int height, const I420Planes& planes) {
  if (setjmp(failure.escape) != 0) return false;
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, bytes, size);
  if (jpeg_read_header(&codec, TRUE) != JPEG_HEADER_OK) return false;
  const bool same_size = static_cast<int>(codec.image_width & ~1U) == width &&
                         static_cast<int>(codec.image_height & ~1U) == height;
  if (!same_size || !usual()) return false;
  codec.raw_data_out = TRUE;
  codec.out_color_space = codec.jpeg_color_space;
  codec.do_fancy_upsampling = FALSE;
  make_room();
  jpeg_start_decompress(&codec);
  const int mcu_lines = codec.max_v_samp_factor * DCTSIZE;
  while (codec.output_scanline < codec.output_height) {
    const int first = static_cast<int>(codec.output_scanline);
    jpeg_read_raw_data(&codec, components, static_cast<JDIMENSION>(mcu_lines));
    write_lines(first, width, height, planes);
  }
  jpeg_finish_decompress(&codec);
  return true;
}

// One baseline scan, Huffman coded, of grey or of luma with chroma of the same or half of its resolution each way.
// Progressive pictures could ask for any amount of work.
bool JpegDecoder::State::usual() const {
  if (codec.progressive_mode || codec.arith_code || codec.data_precision != 8) return false;
  const jpeg_component_info* const all = codec.comp_info;
  const bool luma = all[0].h_samp_factor <= 2 && all[0].v_samp_factor <= 2;
  if (codec.jpeg_color_space == JCS_GRAYSCALE) return luma && codec.num_components == 1;
  if (codec.jpeg_color_space != JCS_YCbCr || codec.num_components != COMPONENTS || codec.comps_in_scan != COMPONENTS) {
    return false;
  }
  const bool chroma = all[1].h_samp_factor == 1 && all[1].v_samp_factor == 1 && all[2].h_samp_factor == 1 &&
                      all[2].v_samp_factor == 1;
  return luma && chroma;
}

// Each component gets lines as long as those of the luma.
void JpegDecoder::State::make_room() {
  constexpr size_t MCU_WIDTH = MOST_LINES;
  const size_t stride = (codec.image_width + MCU_WIDTH - 1) / MCU_WIDTH * MCU_WIDTH;
  memory.resize(COMPONENTS * MOST_LINES * stride);
  JSAMPLE* at = memory.data();
  for (auto& component : lines) {
    for (JSAMPROW& line : component) {
      line = at;
      at += stride;
    }
  }
}

void JpegDecoder::State::write_lines(int first, int width, int height, const I420Planes& planes) {
  const int luma_lines = codec.max_v_samp_factor * DCTSIZE;
  const bool grey = codec.num_components == 1;
  const bool halve = codec.max_h_samp_factor == 1;
  // Two luma lines have one chroma line, or one each.
  const int chroma_step = codec.max_v_samp_factor == 1 ? 2 : 1;
  for (int line = 0; line < luma_lines && first + line < height; line += 2) {
    const size_t row = static_cast<size_t>(first + line);
    write_luma(lines[0][line], width, planes.y + row * planes.luma_stride);
    write_luma(lines[0][line + 1], width, planes.y + (row + 1) * planes.luma_stride);
    const int top = line / 2 * chroma_step;
    for (int component = 1; component < COMPONENTS; component++) {
      uint8_t* const to = (component == 1 ? planes.u : planes.v) + row / 2 * planes.chroma_stride;
      const JSAMPROW* const from = lines[component];
      if (grey) {
        std::memset(to, 128, static_cast<size_t>(width / 2));
      } else if (halve) {
        write_chroma<true>(from[top], from[top + chroma_step - 1], width / 2, to);
      } else {
        write_chroma<false>(from[top], from[top + chroma_step - 1], width / 2, to);
      }
    }
  }
}

}  // namespace mykvm
