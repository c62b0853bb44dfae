#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jpeg_decoder.h"
#include "m2m_encoder.h"
#include "picture_coder.h"
#include "rate_limit.h"
#include "stillness.h"

namespace mykvm {

// Codes with a hardware encoder. Two pictures are under way at a time; of those that come meanwhile the newest waits.
// Where the encoder can read the source's memory no picture is copied; else once, which is counted.
class M2mCoder : public PictureCoder {
 public:
  // Throws nothing: the device is opened by fourccs().
  M2mCoder(std::string path, VideoSource& source, CoderHost& host, const RateSettings& settings);

  std::vector<uint32_t> fourccs() override;
  bool shares_memory() const override { return true; }
  void take(const RawPicture& picture) override;
  void forget() override;
  int64_t step() override;
  Watched watched() const override;

  void request_keyframe() override { keyframe_needed_ = true; }
  void set_bitrate(int bitrate_bps) override;
  void set_frame_rate(double frame_rate) override;
  void set_quantizers(const QuantizerRange& quantizers) override;

 private:
  struct Coding {
    int64_t timestamp_us;
    int64_t taken_us;
    int64_t began_us;
  };

  void open_encoder();
  void configure();
  bool start_importing();
  void start_copying(const std::string& why);
  void collect();
  void collect_slots();
  bool collect_coded();
  void deliver(CodedBuffer coded);
  void feed();
  bool feed_import();
  bool feed_copy();
  bool fill(unsigned slot);
  M2mSettings encoder_settings() const;
  double rate() const;
  int64_t due_us() const;
  void finish();
  void notice_once(std::string sentence);

  const std::string path_;
  VideoSource& source_;
  CoderHost& host_;
  RateSettings settings_;
  RateLimit limit_;
  Stillness stillness_;
  std::unique_ptr<M2mEncoder> encoder_;
  // Of the pictures that the running encoder codes; of JPEGs, what they are decoded to.
  RawFormat input_;
  std::unique_ptr<JpegDecoder> jpeg_;
  bool streaming_ = false;
  bool importing_ = false;
  // Whether the running encoder has taken a picture in the source's memory.
  bool imported_ = false;
  std::optional<RawPicture> pending_;
  bool pending_dropped_ = false;
  // By slot: pictures that the encoder reads in the source's memory.
  std::vector<std::optional<RawPicture>> lent_;
  // Slots for copies that are free.
  std::vector<unsigned> free_slots_;
  std::deque<Coding> coding_;
  bool keyframe_needed_ = false;
  int64_t fed_us_ = 0;
  int64_t last_timestamp_us_ = 0;
  std::vector<std::string> noticed_;
};

}  // namespace mykvm
