// Decodes access units with libopenh264's decoder, for the native tests. Input: for each access unit its size (32 bits,
// little endian) and its bytes. Output: for each decoded picture width, height (32 bits each) and I420 without padding;
// 0x0 for an access unit that gave no picture. Exit code 1 when the decoder reports an error.
#include <wels/codec_api.h>

#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

bool read_exactly(void* into, size_t size) { return std::fread(into, 1, size, stdin) == size; }

void write_plane(const uint8_t* plane, int width, int height, int stride) {
  for (int row = 0; row < height; row++) {
    std::fwrite(plane + static_cast<size_t>(row) * static_cast<size_t>(stride), 1, static_cast<size_t>(width), stdout);
  }
}

}  // namespace

int main() {
  ISVCDecoder* decoder = nullptr;
  if (WelsCreateDecoder(&decoder) != 0) return 1;
  SDecodingParam parameters{};
  parameters.eEcActiveIdc = ERROR_CON_DISABLE;
  parameters.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
  if (decoder->Initialize(&parameters) != 0) return 1;
  uint32_t size = 0;
  while (read_exactly(&size, sizeof size)) {
    std::vector<uint8_t> unit(size);
    if (!read_exactly(unit.data(), size)) return 1;
    uint8_t* planes[3] = {};
    SBufferInfo picture{};
    const DECODING_STATE state =
        decoder->DecodeFrameNoDelay(unit.data(), static_cast<int>(unit.size()), planes, &picture);
    if (state != dsErrorFree) {
      std::fprintf(stderr, "the decoder reports 0x%x\n", static_cast<unsigned>(state));
      return 1;
    }
    const SSysMEMBuffer& format = picture.UsrData.sSystemBuffer;
    const bool whole = picture.iBufferStatus == 1;
    const uint32_t header[2] = {whole ? static_cast<uint32_t>(format.iWidth) : 0,
                                whole ? static_cast<uint32_t>(format.iHeight) : 0};
    std::fwrite(header, sizeof header, 1, stdout);
    if (!whole) continue;
    write_plane(planes[0], format.iWidth, format.iHeight, format.iStride[0]);
    write_plane(planes[1], format.iWidth / 2, format.iHeight / 2, format.iStride[1]);
    write_plane(planes[2], format.iWidth / 2, format.iHeight / 2, format.iStride[1]);
  }
  decoder->Uninitialize();
  WelsDestroyDecoder(decoder);
  return 0;
}
