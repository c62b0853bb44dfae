#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "access_unit.h"
#include "coded_error.h"
#include "frame_buffer.h"
#include "picture_coder.h"
#include "stage_times.h"
#include "video_source.h"
#include "wake_event.h"

namespace mykvm {

struct PipelineSettings {
  // The one or the other.
  std::shared_ptr<FrameBuffer> frame_buffer;
  std::string capture_path;
  // V4L2_PIX_FMT_* that the capture device must deliver; 0: the best that both know.
  uint32_t pixel_format = 0;
  // Empty: software.
  std::string encoder_path;
  RateSettings rate;
};

struct PipelineCounts {
  SourceCounts source;
  uint32_t unchanged = 0;
  uint32_t coded = 0;
  uint32_t dropped = 0;
  uint32_t copied = 0;
  // Broken pictures that only their decoding showed.
  uint32_t undecodable = 0;
  StageTimes stages;
};

// Source → coder → access units, in a thread of its own. Knows nothing of JavaScript: `notify` is called in that
// thread whenever one of the take functions or failure() has something new, and must not wait.
class Pipeline : private CoderHost {
 public:
  // Access units that wait to be taken; when there are more, pictures are dropped before they are coded.
  static constexpr size_t QUEUE_LIMIT = 4;

  // Throws CodedError when the source has a reader already.
  Pipeline(const PipelineSettings& settings, void (*notify)(void*), void* context);
  // Ends the thread; no `notify` after it.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // From any thread.
  void request_keyframe();
  void set_bitrate(int bitrate_bps);
  void set_frame_rate(double frame_rate);
  void set_quantizers(const QuantizerRange& quantizers);
  PipelineCounts counts() const;
  std::optional<AccessUnit> take_unit();
  // The newest signal, when it was not taken yet.
  std::optional<Signal> take_signal();
  std::optional<std::string> take_notice();
  // Why the thread ended by itself; empty while it runs.
  std::optional<CodedError> failure() const;

 private:
  // Shared with other threads, under mutex_.
  struct Wishes {
    bool stop = false;
    bool keyframe = false;
    std::optional<int> bitrate_bps;
    std::optional<double> frame_rate;
    std::optional<QuantizerRange> quantizers;
  };

  bool full(size_t pending) const override;
  void deliver(AccessUnit unit) override;
  void count_unchanged() override;
  void count_dropped() override;
  void count_copied() override;
  void count_damaged() override;
  void notice(const std::string& sentence) override;

  void run();
  void loop();
  bool heed_wishes();
  void take_pictures();
  void tell_signal();
  short wait_until(int64_t deadline_us);

  void (*const notify_)(void*);
  void* const context_;
  const std::shared_ptr<WakeEvent> wake_ = std::make_shared<WakeEvent>();

  mutable std::mutex mutex_;
  Wishes wishes_;
  PipelineCounts counts_;
  std::deque<AccessUnit> queue_;
  std::optional<Signal> signal_;
  std::deque<std::string> notices_;
  std::optional<CodedError> failure_;

  // Of the thread alone.
  std::unique_ptr<VideoSource> source_;
  std::unique_ptr<PictureCoder> coder_;
  std::optional<Signal> told_signal_;
  uint32_t number_ = 0;

  std::thread thread_;
};

}  // namespace mykvm
