#include "software_encoder.h"

#include <wels/codec_api.h>

#include <string>

#include "coded_error.h"

namespace mykvm {

namespace {

void require(int result, const char* step) {
  if (result != cmResultSuccess) {
    throw CodedError("ERR_ENCODER", std::string("libopenh264: ") + step + " failed with " + std::to_string(result));
  }
}

void describe_colour(Colour::Matrix matrix, SSpatialLayerConfig& layer) {
  switch (matrix) {
    case Colour::Matrix::BT601:
      layer.uiColorPrimaries = CP_SMPTE170M;
      layer.uiTransferCharacteristics = TRC_SMPTE170M;
      layer.uiColorMatrix = CM_SMPTE170M;
      return;
    case Colour::Matrix::BT709:
      layer.uiColorPrimaries = CP_BT709;
      layer.uiTransferCharacteristics = TRC_BT709;
      layer.uiColorMatrix = CM_BT709;
      return;
    case Colour::Matrix::BT2020:
      layer.uiColorPrimaries = CP_BT2020;
      layer.uiTransferCharacteristics = TRC_BT2020_10;
      layer.uiColorMatrix = CM_BT2020NC;
      return;
  }
}

SEncParamExt parameters(ISVCEncoder& codec, const EncoderSettings& settings) {
  SEncParamExt all{};
  require(codec.GetDefaultParams(&all), "GetDefaultParams");
  all.iUsageType = CAMERA_VIDEO_REAL_TIME;
  all.iComplexityMode = LOW_COMPLEXITY;
  all.iMultipleThreadIdc = 1;
  all.iPicWidth = settings.width;
  all.iPicHeight = settings.height;
  all.fMaxFrameRate = static_cast<float>(settings.frame_rate);
  all.iTargetBitrate = settings.bitrate_bps;
  all.iMaxBitrate = UNSPECIFIED_BIT_RATE;
  // The quantizer of each picture comes from RateControl.
  all.iRCMode = RC_OFF_MODE;
  all.bEnableFrameSkip = false;
  all.iTemporalLayerNum = 1;
  all.iSpatialLayerNum = 1;
  all.iNumRefFrame = 1;
  all.iEntropyCodingModeFlag = 0;
  all.uiIntraPeriod = 0;
  all.bEnableSceneChangeDetect = false;
  all.bEnableLongTermReference = false;
  all.eSpsPpsIdStrategy = CONSTANT_ID;
  all.bPrefixNalAddingCtrl = false;
  all.bEnableDenoise = false;
  all.bEnableBackgroundDetection = false;
  all.bEnableAdaptiveQuant = false;
  all.bEnableFrameCroppingFlag = true;

  SSpatialLayerConfig& layer = all.sSpatialLayers[0];
  layer.iVideoWidth = settings.width;
  layer.iVideoHeight = settings.height;
  layer.fFrameRate = all.fMaxFrameRate;
  layer.iSpatialBitrate = settings.bitrate_bps;
  layer.iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
  layer.uiProfileIdc = PRO_BASELINE;
  layer.uiLevelIdc = LEVEL_UNKNOWN;
  layer.sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
  layer.bVideoSignalTypePresent = true;
  layer.uiVideoFormat = VF_UNDEF;
  layer.bFullRange = settings.colour.full_range;
  layer.bColorDescriptionPresent = true;
  describe_colour(settings.colour.matrix, layer);
  return all;
}

}  // namespace

void SoftwareEncoder::Release::operator()(ISVCEncoder* codec) const {
  codec->Uninitialize();
  WelsDestroySVCEncoder(codec);
}

SoftwareEncoder::SoftwareEncoder(const EncoderSettings& settings) : settings_(settings) {
  ISVCEncoder* codec = nullptr;
  require(WelsCreateSVCEncoder(&codec), "WelsCreateSVCEncoder");
  codec_.reset(codec);
  int trace_level = WELS_LOG_QUIET;
  require(codec->SetOption(ENCODER_OPTION_TRACE_LEVEL, &trace_level), "TRACE_LEVEL");
  parameters_ = std::make_unique<SEncParamExt>(parameters(*codec, settings));
  require(codec->InitializeExt(parameters_.get()), "InitializeExt");
  int format = videoFormatI420;
  require(codec->SetOption(ENCODER_OPTION_DATAFORMAT, &format), "DATAFORMAT");
}

SoftwareEncoder::~SoftwareEncoder() = default;

// With rate control off, this field may change between pictures without a new sequence.
void SoftwareEncoder::set_quantizer(int quantizer) {
  int& present = parameters_->sSpatialLayers[0].iDLayerQp;
  if (present == quantizer) return;
  present = quantizer;
  require(codec_->SetOption(ENCODER_OPTION_SVC_ENCODE_PARAM_EXT, parameters_.get()), "SVC_ENCODE_PARAM_EXT");
}

EncodedPicture SoftwareEncoder::encode(const I420Picture& picture, int64_t timestamp_us, bool keyframe,
                                       int quantizer) {
  set_quantizer(quantizer);
  if (keyframe) require(codec_->ForceIntraFrame(true), "ForceIntraFrame");
  // The codec only reads the planes; its interface has no const.
  SSourcePicture source{};
  source.iColorFormat = videoFormatI420;
  source.iPicWidth = picture.width();
  source.iPicHeight = picture.height();
  source.iStride[0] = picture.width();
  source.iStride[1] = source.iStride[2] = picture.width() / 2;
  source.pData[0] = const_cast<uint8_t*>(picture.y());
  source.pData[1] = const_cast<uint8_t*>(picture.u());
  source.pData[2] = const_cast<uint8_t*>(picture.v());
  source.uiTimeStamp = timestamp_us / 1000;
  SFrameBSInfo coded{};
  require(codec_->EncodeFrame(&source, &coded), "EncodeFrame");
  if (coded.eFrameType == videoFrameTypeSkip || coded.eFrameType == videoFrameTypeInvalid) {
    throw CodedError("ERR_ENCODER", "libopenh264 left out a picture");
  }
  EncodedPicture result{{}, coded.eFrameType == videoFrameTypeIDR};
  result.bytes.reserve(static_cast<size_t>(coded.iFrameSizeInBytes));
  for (int i = 0; i < coded.iLayerNum; i++) {
    const SLayerBSInfo& layer = coded.sLayerInfo[i];
    size_t size = 0;
    for (int nal = 0; nal < layer.iNalCount; nal++) size += static_cast<size_t>(layer.pNalLengthInByte[nal]);
    result.bytes.insert(result.bytes.end(), layer.pBsBuf, layer.pBsBuf + size);
  }
  return result;
}

}  // namespace mykvm
