#include "sps_rewriter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "rbsp.h"

namespace mykvm {

namespace {

// Clauses and tables are those of ITU-T H.264.
constexpr uint8_t NAL_SPS = 7;
constexpr size_t HEADER_SIZE = 1;
// Table 7-1: slices; what follows the first one says nothing about the sequence.
constexpr uint8_t FIRST_SLICE_TYPE = 1;
constexpr uint8_t LAST_SLICE_TYPE = 5;
constexpr uint32_t VIDEO_FORMAT_UNSPECIFIED = 5;
constexpr uint32_t EXTENDED_SAR = 255;
constexpr uint32_t MOST_PICTURES = 16;
constexpr uint32_t MOST_ORDER_COUNTS = 255;
constexpr uint32_t MOST_CPB_COUNT = 31;
constexpr uint32_t MOST_OF_RESTRICTION = 16;

// Bits of a payload.
struct Range {
  size_t begin = 0;
  size_t end = 0;
};

struct SignalType {
  uint32_t video_format = VIDEO_FORMAT_UNSPECIFIED;
  bool full_range = false;
  bool described = false;
  // Tables E-3 to E-5.
  uint32_t primaries = 2;
  uint32_t transfer = 2;
  uint32_t matrix = 2;

  bool operator==(const SignalType& other) const {
    return video_format == other.video_format && full_range == other.full_range && described == other.described &&
           primaries == other.primaries && transfer == other.transfer && matrix == other.matrix;
  }
};

// E.1.1; these numbers forbid nothing but reordering.
struct Restriction {
  bool vectors_over_edges = true;
  // No limit.
  uint32_t bytes_per_picture = 0;
  uint32_t bits_per_macroblock = 0;
  uint32_t horizontal_vector = 15;
  uint32_t vertical_vector = 15;
  uint32_t reordered = 0;
  uint32_t buffered = 0;
};

// What is of interest of a parameter set, and where it is.
struct Sequence {
  uint32_t reference_pictures = 0;
  // Of vui_parameters_present_flag.
  size_t vui_flag = 0;
  bool has_vui = false;
  // Flags included.
  Range signal_bits;
  std::optional<SignalType> signal;
  Range restriction_bits;
  std::optional<Restriction> restriction;
};

// 7.3.2.1.1.1
void skip_scaling_list(RbspReader& reader, unsigned size) {
  int last = 8;
  int next = 8;
  for (unsigned at = 0; at < size; at++) {
    if (next != 0) {
      const uint32_t code = reader.unsigned_code();
      // se(v), 9.1.1; only its lowest 8 bits matter.
      const int delta = static_cast<int>((code + 1) / 2 & 0xff) * (code % 2 == 1 ? 1 : -1);
      next = (last + delta + 512) % 256;
    }
    if (next != 0) last = next;
  }
}

bool has_chroma_format(uint32_t profile) {
  constexpr std::array<uint32_t, 12> PROFILES{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134};
  return std::find(PROFILES.begin(), PROFILES.end(), profile) != PROFILES.end();
}

void skip_chroma_format(RbspReader& reader) {
  constexpr uint32_t CHROMA_444 = 3;
  const uint32_t chroma_format = reader.unsigned_code();
  if (chroma_format == CHROMA_444) reader.flag();  // separate_colour_plane_flag
  reader.skip_code();                              // bit_depth_luma_minus8
  reader.skip_code();                              // bit_depth_chroma_minus8
  reader.flag();                                   // qpprime_y_zero_transform_bypass_flag
  if (!reader.flag()) return;                      // seq_scaling_matrix_present_flag
  const unsigned lists = chroma_format == CHROMA_444 ? 12 : 8;
  for (unsigned list = 0; list < lists; list++) {
    if (reader.flag()) skip_scaling_list(reader, list < 6 ? 16 : 64);
  }
}

bool skip_order_counts(RbspReader& reader) {
  const uint32_t type = reader.unsigned_code();
  if (type == 0) reader.skip_code();  // log2_max_pic_order_cnt_lsb_minus4
  if (type != 1) return type <= 2;
  reader.flag();       // delta_pic_order_always_zero_flag
  reader.skip_code();  // offset_for_non_ref_pic
  reader.skip_code();  // offset_for_top_to_bottom_field
  const uint32_t count = reader.unsigned_code();
  if (count > MOST_ORDER_COUNTS) return false;
  for (uint32_t at = 0; at < count; at++) reader.skip_code();
  return true;
}

// E.1.2
bool skip_hrd(RbspReader& reader) {
  const uint32_t last = reader.unsigned_code();
  if (last > MOST_CPB_COUNT) return false;
  reader.bits(8);  // bit_rate_scale, cpb_size_scale
  for (uint32_t at = 0; at <= last; at++) {
    reader.skip_code();  // bit_rate_value_minus1
    reader.skip_code();  // cpb_size_value_minus1
    reader.flag();       // cbr_flag
  }
  reader.bits(20);  // the lengths of four fields
  return true;
}

std::optional<SignalType> read_signal_type(RbspReader& reader) {
  if (!reader.flag()) return std::nullopt;
  SignalType signal;
  signal.video_format = reader.bits(3);
  signal.full_range = reader.flag();
  signal.described = reader.flag();
  if (signal.described) {
    signal.primaries = reader.bits(8);
    signal.transfer = reader.bits(8);
    signal.matrix = reader.bits(8);
  }
  return signal;
}

// False when it has a number that there is not.
bool read_restriction(RbspReader& reader, std::optional<Restriction>& restriction) {
  if (!reader.flag()) return true;
  restriction.emplace();
  restriction->vectors_over_edges = reader.flag();
  for (uint32_t* const number :
       {&restriction->bytes_per_picture, &restriction->bits_per_macroblock, &restriction->horizontal_vector,
        &restriction->vertical_vector, &restriction->reordered, &restriction->buffered}) {
    *number = reader.unsigned_code();
    if (*number > MOST_OF_RESTRICTION) return false;
  }
  return true;
}

// E.1.1
bool read_vui(RbspReader& reader, Sequence& sequence) {
  if (reader.flag() && reader.bits(8) == EXTENDED_SAR) reader.bits(32);
  if (reader.flag()) reader.flag();  // overscan
  sequence.signal_bits.begin = reader.at();
  sequence.signal = read_signal_type(reader);
  sequence.signal_bits.end = reader.at();
  if (reader.flag()) {
    reader.skip_code();  // chroma_sample_loc_type_top_field
    reader.skip_code();  // chroma_sample_loc_type_bottom_field
  }
  if (reader.flag()) {
    reader.bits(32);  // num_units_in_tick
    reader.bits(32);  // time_scale
    reader.flag();    // fixed_frame_rate_flag
  }
  const bool nal_hrd = reader.flag();
  if (nal_hrd && !skip_hrd(reader)) return false;
  const bool vcl_hrd = reader.flag();
  if (vcl_hrd && !skip_hrd(reader)) return false;
  if (nal_hrd || vcl_hrd) reader.flag();  // low_delay_hrd_flag
  reader.flag();                          // pic_struct_present_flag
  sequence.restriction_bits.begin = reader.at();
  const bool known = read_restriction(reader, sequence.restriction);
  sequence.restriction_bits.end = reader.at();
  return known;
}

// rbsp_trailing_bits, and nothing behind them.
bool at_end(RbspReader& reader) {
  const size_t left = reader.left();
  return left >= 1 && left <= 8 && reader.bits(static_cast<unsigned>(left)) == uint32_t{1} << (left - 1);
}

// 7.3.2.1.1; empty when this is no parameter set of a stream that we know.
std::optional<Sequence> read_sequence(const std::vector<uint8_t>& payload) {
  RbspReader reader(payload);
  Sequence sequence;
  const uint32_t profile = reader.bits(8);
  reader.bits(16);     // constraint flags, level_idc
  reader.skip_code();  // seq_parameter_set_id
  if (has_chroma_format(profile)) skip_chroma_format(reader);
  reader.skip_code();  // log2_max_frame_num_minus4
  if (!skip_order_counts(reader)) return std::nullopt;
  sequence.reference_pictures = reader.unsigned_code();
  if (sequence.reference_pictures > MOST_PICTURES) return std::nullopt;
  reader.flag();                      // gaps_in_frame_num_value_allowed_flag
  reader.skip_code();                 // pic_width_in_mbs_minus1
  reader.skip_code();                 // pic_height_in_map_units_minus1
  if (!reader.flag()) reader.flag();  // frame_mbs_only_flag, mb_adaptive_frame_field_flag
  reader.flag();                      // direct_8x8_inference_flag
  if (reader.flag()) {
    for (unsigned edge = 0; edge < 4; edge++) reader.skip_code();
  }
  sequence.vui_flag = reader.at();
  sequence.has_vui = reader.flag();
  if (sequence.has_vui && !read_vui(reader, sequence)) return std::nullopt;
  return at_end(reader) && reader.whole() ? std::optional<Sequence>(sequence) : std::nullopt;
}

// As the software encoder writes it.
SignalType signal_of(const Colour& colour) {
  SignalType signal;
  signal.full_range = colour.full_range;
  signal.described = true;
  switch (colour.matrix) {
    case Colour::Matrix::BT601:
      signal.primaries = signal.transfer = signal.matrix = 6;
      break;
    case Colour::Matrix::BT709:
      signal.primaries = signal.transfer = signal.matrix = 1;
      break;
    case Colour::Matrix::BT2020:
      signal.primaries = signal.matrix = 9;
      signal.transfer = 14;
      break;
  }
  return signal;
}

void write_signal_type(RbspWriter& writer, const SignalType& signal) {
  writer.flag(true);
  writer.bits(signal.video_format, 3);
  writer.flag(signal.full_range);
  writer.flag(true);
  writer.bits(signal.primaries, 8);
  writer.bits(signal.transfer, 8);
  writer.bits(signal.matrix, 8);
}

void write_restriction(RbspWriter& writer, const Restriction& restriction) {
  writer.flag(true);
  writer.flag(restriction.vectors_over_edges);
  writer.unsigned_code(restriction.bytes_per_picture);
  writer.unsigned_code(restriction.bits_per_macroblock);
  writer.unsigned_code(restriction.horizontal_vector);
  writer.unsigned_code(restriction.vertical_vector);
  writer.unsigned_code(restriction.reordered);
  writer.unsigned_code(restriction.buffered);
}

// Empty when nothing is to be changed.
std::optional<std::vector<uint8_t>> described(const std::vector<uint8_t>& payload, const Sequence& sequence,
                                              const Colour& colour) {
  SignalType signal = signal_of(colour);
  if (sequence.signal) signal.video_format = sequence.signal->video_format;
  Restriction restriction = sequence.restriction.value_or(Restriction{});
  const bool reorders = restriction.reordered > 0;
  const bool restricted =
      reorders || (sequence.restriction && restriction.buffered == sequence.reference_pictures);
  if (sequence.signal == signal && restricted) return std::nullopt;
  restriction.buffered = sequence.reference_pictures;

  RbspWriter writer;
  writer.copy(payload, 0, sequence.vui_flag);
  writer.flag(true);
  if (sequence.has_vui) {
    writer.copy(payload, sequence.vui_flag + 1, sequence.signal_bits.begin);
  } else {
    writer.bits(0, 2);  // no aspect ratio, no overscan
  }
  write_signal_type(writer, signal);
  if (sequence.has_vui) {
    writer.copy(payload, sequence.signal_bits.end, sequence.restriction_bits.begin);
  } else {
    writer.bits(0, 5);  // no chroma_loc, timing, nal_hrd, vcl_hrd, pic_struct
  }
  if (restricted) {
    writer.copy(payload, sequence.restriction_bits.begin, sequence.restriction_bits.end);
  } else {
    write_restriction(writer, restriction);
  }
  return writer.finish();
}

// 7.4.1: without the bytes that keep start codes out.
std::vector<uint8_t> payload_of(const std::vector<uint8_t>& bytes, const Range& nal) {
  std::vector<uint8_t> payload;
  unsigned zeros = 0;
  for (size_t at = nal.begin + HEADER_SIZE; at < nal.end; at++) {
    const uint8_t byte = bytes[at];
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    payload.push_back(byte);
  }
  return payload;
}

std::vector<uint8_t> with_prevention(uint8_t header, const std::vector<uint8_t>& payload) {
  std::vector<uint8_t> bytes{header};
  unsigned zeros = 0;
  for (const uint8_t byte : payload) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push_back(3);
      zeros = 0;
    }
    bytes.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return bytes;
}

// Where the next start code begins at or behind `from`; the end when there is none.
size_t next_start_code(const std::vector<uint8_t>& bytes, size_t from) {
  constexpr std::array<uint8_t, 3> START_CODE{0, 0, 1};
  const auto found = std::search(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), START_CODE.begin(),
                                 START_CODE.end());
  return static_cast<size_t>(found - bytes.begin());
}

// The NAL unit behind the start code at `code`, without zeros that follow it; empty at the end of the stream.
Range nal_unit(const std::vector<uint8_t>& bytes, size_t code) {
  constexpr size_t START_CODE_SIZE = 3;
  if (code >= bytes.size()) return {};
  Range nal{code + START_CODE_SIZE, next_start_code(bytes, code + START_CODE_SIZE)};
  while (nal.end > nal.begin && bytes[nal.end - 1] == 0) nal.end--;
  return nal;
}

}  // namespace

bool describe_sequence(std::vector<uint8_t>& access_unit, const Colour& colour) {
  bool readable = true;
  size_t code = next_start_code(access_unit, 0);
  for (;;) {
    // The header first: a slice is long, and its end need not be found.
    const size_t header = code + 3;
    if (header >= access_unit.size()) return readable;
    const uint8_t type = access_unit[header] & 0x1f;
    if (type >= FIRST_SLICE_TYPE && type <= LAST_SLICE_TYPE) return readable;
    const Range nal = nal_unit(access_unit, code);
    code = next_start_code(access_unit, nal.end);
    if (type != NAL_SPS) continue;
    const std::vector<uint8_t> payload = payload_of(access_unit, nal);
    const std::optional<Sequence> sequence = read_sequence(payload);
    if (!sequence) {
      readable = false;
      continue;
    }
    const std::optional<std::vector<uint8_t>> better = described(payload, *sequence, colour);
    if (!better) continue;
    const std::vector<uint8_t> bytes = with_prevention(access_unit[header], *better);
    const auto begin = access_unit.begin() + static_cast<std::ptrdiff_t>(nal.begin);
    const auto end = access_unit.begin() + static_cast<std::ptrdiff_t>(nal.end);
    access_unit.insert(access_unit.erase(begin, end), bytes.begin(), bytes.end());
    code = nal.begin + bytes.size() + (code - nal.end);
  }
}

}  // namespace mykvm
