#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "buffer_queue.h"
#include "capture_format.h"
#include "capture_input.h"
#include "v4l2.h"
#include "video_source.h"

namespace mykvm {

// A V4L2 capture device. No signal is a state in which it waits for one; it throws only when the device itself fails.
class CaptureDevice : public VideoSource {
 public:
  // `pixel_format` is the only one to take; 0 for the best.
  CaptureDevice(std::string path, uint32_t pixel_format);
  ~CaptureDevice() override;

  void open(const std::vector<uint32_t>& fourccs, bool shared) override;
  bool attend(short revents) override;
  void rebuild() override;
  std::optional<RawPicture> take() override;
  void give_back(const RawPicture& picture) override;

  const RawFormat& format() const override { return format_; }
  const uint8_t* bytes(unsigned slot) override;
  unsigned slots() const override { return queue_ ? queue_->count() : 0; }
  size_t length(unsigned slot) const override { return queue_->length(slot); }
  int dmabuf(unsigned slot) override;

  Watched watched() const override;
  int64_t due_us() const override { return check_us_; }
  std::optional<std::string> take_notice() override { return std::exchange(notice_, std::nullopt); }
  std::optional<Signal> signal() const override { return signal_; }
  SourceCounts counts() const override { return counts_; }

 private:
  void open_device();
  void subscribe(uint32_t type, uint32_t id) const;
  void take_events();
  void require_present() const;
  void stop();
  SignalState start(const InputReading& input);
  bool refused_before(const v4l2_bt_timings& timings) const;
  void note_refusal(const v4l2_bt_timings& timings);
  void make_buffers(const InputReading& input);
  bool use_heap();
  void lose_signal(SignalState state);
  void expect_picture();
  bool usable(const FilledBuffer& buffer);
  template <typename Action>
  auto noting_loss(Action action);

  const std::string path_;
  std::vector<uint32_t> fourccs_;
  const uint32_t pixel_format_;
  bool shared_ = false;
  std::unique_ptr<VideoDevice> device_;
  uint32_t queue_type_ = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  std::unique_ptr<BufferQueue> queue_;
  // By slot; made when they are asked for.
  std::vector<std::optional<UniqueFd>> exported_;
  RawFormat format_;
  std::optional<Signal> signal_;
  std::optional<std::string> notice_;
  std::string noticed_mode_;
  SourceCounts counts_;
  bool changed_ = true;
  bool has_sequence_ = false;
  uint32_t last_sequence_ = 0;
  int64_t check_us_ = 0;
  // Timings that the device would not stream, when to try them again, and how long to wait after that.
  std::optional<v4l2_bt_timings> refused_timings_;
  int64_t retry_us_ = 0;
  int64_t retry_delay_us_ = 0;
};

}  // namespace mykvm
