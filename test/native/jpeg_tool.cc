// Makes and decodes JPEGs for the native tests.
//
// encode WIDTH HEIGHT SAMPLING VARIANT: RGB (3 bytes a pixel) in, one JPEG out. SAMPLING: 4:4:4, 4:2:2, 4:4:0, 4:2:0, grey or cmyk.
// VARIANT: plain, progressive, arithmetic, optimized (with Huffman tables of its own).
//
// decode WIDTH HEIGHT: in, for each JPEG its size (32 bits, little endian) and its bytes; out, for each 1 and I420, or 0 when
// it is broken. Input and planes end where a page does that may not be touched: what reads or writes beyond them dies.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

// After <cstdio>, which it needs.
#include <jpeglib.h>

#include "../../native/src/jpeg_decoder.h"

namespace {

// Memory of `size` bytes in front of a guard page.
class GuardedBytes {
 public:
  explicit GuardedBytes(size_t size) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t usable = (size + page - 1) / page * page;
    length_ = usable + page;
    void* const mapped = mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    memory_ = static_cast<uint8_t*>(mapped);
    if (mprotect(memory_ + usable, page, PROT_NONE) != 0) std::abort();
    begin_ = memory_ + usable - size;
  }
  ~GuardedBytes() { munmap(memory_, length_); }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;

  uint8_t* begin() const { return begin_; }

 private:
  uint8_t* memory_;
  uint8_t* begin_;
  size_t length_;
};

bool read_exactly(void* into, size_t size) { return std::fread(into, 1, size, stdin) == size; }

void set_sampling(jpeg_compress_struct& codec, const std::string& sampling) {
  if (sampling == "grey") jpeg_set_colorspace(&codec, JCS_GRAYSCALE);
  if (sampling == "4:2:2" || sampling == "4:2:0") codec.comp_info[0].h_samp_factor = 2;
  if (sampling == "4:4:4" || sampling == "4:4:0") codec.comp_info[0].h_samp_factor = 1;
  if (sampling == "4:4:0" || sampling == "4:2:0") codec.comp_info[0].v_samp_factor = 2;
  if (sampling == "4:4:4" || sampling == "4:2:2") codec.comp_info[0].v_samp_factor = 1;
}

int encode(int width, int height, const std::string& sampling, const std::string& variant) {
  const bool cmyk = sampling == "cmyk";
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  uint8_t* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &bytes, &size);
  codec.image_width = static_cast<JDIMENSION>(width);
  codec.image_height = static_cast<JDIMENSION>(height);
  codec.input_components = cmyk ? 4 : 3;
  codec.in_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, 95, TRUE);
  set_sampling(codec, sampling);
  if (variant == "progressive") jpeg_simple_progression(&codec);
  if (variant == "arithmetic") codec.arith_code = TRUE;
  if (variant == "optimized") codec.optimize_coding = TRUE;
  jpeg_start_compress(&codec, TRUE);
  std::vector<uint8_t> line(static_cast<size_t>(width * codec.input_components));
  while (codec.next_scanline < codec.image_height) {
    if (!read_exactly(line.data(), line.size())) return 1;
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  std::fwrite(bytes, 1, size, stdout);
  jpeg_destroy_compress(&codec);
  std::free(bytes);
  return 0;
}

int decode(int width, int height) {
  const size_t luma = static_cast<size_t>(width) * static_cast<size_t>(height);
  const GuardedBytes picture(luma * 3 / 2);
  uint8_t* const y = picture.begin();
  const size_t stride = static_cast<size_t>(width);
  mykvm::JpegDecoder decoder;
  uint32_t size = 0;
  while (read_exactly(&size, sizeof size)) {
    const GuardedBytes input(size);
    if (!read_exactly(input.begin(), size)) return 1;
    const bool whole =
        decoder.decode(input.begin(), size, width, height, {y, y + luma, y + luma * 5 / 4, stride, stride / 2});
    std::fputc(whole ? 1 : 0, stdout);
    if (whole) std::fwrite(y, 1, luma * 3 / 2, stdout);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) return 2;
  const int width = std::atoi(arguments[2]);
  const int height = std::atoi(arguments[3]);
  if (std::strcmp(arguments[1], "decode") == 0) return decode(width, height);
  return count == 6 ? encode(width, height, arguments[4], arguments[5]) : 2;
}
