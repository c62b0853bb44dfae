#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes the H.264 test encoder of the kernel's virtual codec driver: patch-vicodec.py VICODEC_FOLDER OUT_FOLDER.

Each change names the text that it replaces and fails when the kernel's source has another one."""
import re
import sys
from pathlib import Path

vicodec, out = Path(sys.argv[1]), Path(sys.argv[2])


class Source:
    def __init__(self, name):
        self.text = (vicodec / name).read_text()
        self.name = name

    def replace(self, old, new):
        if self.text.count(old) != 1:
            sys.exit(f"{self.name}: expected once, found {self.text.count(old)} times: {old!r}")
        self.text = self.text.replace(old, new)

    def write(self, name):
        (out / name).write_text(self.text)


core = Source("vicodec-core.c")

# The coded format. The stateless decoder keeps its own.
core.text = re.sub(r"\bV4L2_PIX_FMT_FWHT\b", "V4L2_PIX_FMT_H264", core.text)
core.replace('#define VICODEC_NAME		"vicodec"', '#define VICODEC_NAME		"h264-test-encoder"')
core.replace('#include "codec-v4l2-fwht.h"\n', '#include "codec-v4l2-fwht.h"\n#include "h264_pcm.h"\n')
core.replace(
    "static bool multiplanar;\n",
    """unsigned int h264_align = 2;
module_param_named(align, h264_align, uint, 0644);
MODULE_PARM_DESC(align, " rounds width and height up to a multiple of this");

static bool multiplanar;
""",
)

# State of a file handle.
core.replace(
    "	bool			source_changed;\n};",
    """	bool			source_changed;

	struct h264_pcm_encoder	h264;
	u8			*rgb_planes;
	size_t			rgb_planes_size;
	unsigned int		since_keyframe;
	unsigned int		keyframe_period;
	bool			force_keyframe;
	bool			repeat_parameter_sets;
	bool			parameter_sets_sent;
};""",
)
core.replace("	kvfree(ctx->state.compressed_frame);\n	kfree(ctx);",
             "	kvfree(ctx->state.compressed_frame);\n	kvfree(ctx->h264.previous);\n	kvfree(ctx->rgb_planes);\n	kfree(ctx);")
core.replace(
    "	state->gop_cnt = 0;\n\n	if ((V4L2_TYPE_IS_OUTPUT(q->type)",
    """	state->gop_cnt = 0;
	ctx->since_keyframe = 0;
	ctx->parameter_sets_sent = false;

	if ((V4L2_TYPE_IS_OUTPUT(q->type)""",
)

# Coding.
core.replace(
    "static int device_process(",
    """static int rgb_to_planes(struct vicodec_ctx *ctx, struct h264_pcm_picture *picture, const u8 *rgb, unsigned int stride)
{
	size_t size = (size_t)picture->width * picture->height * 3 / 2;

	if (ctx->rgb_planes_size != size) {
		kvfree(ctx->rgb_planes);
		ctx->rgb_planes = kvmalloc(size, GFP_KERNEL);
		ctx->rgb_planes_size = ctx->rgb_planes ? size : 0;
		if (!ctx->rgb_planes)
			return -ENOMEM;
	}
	h264_pcm_from_rgb(picture, rgb, stride, ctx->rgb_planes);
	return 0;
}

static int h264_encode(struct vicodec_ctx *ctx, const u8 *in, u8 *out, size_t capacity, u32 *flags)
{
	const struct v4l2_fwht_state *state = &ctx->state;
	size_t luma_size = (size_t)state->stride * state->coded_height;
	struct h264_pcm_picture picture = {
		.width = state->visible_width, .height = state->visible_height,
		.luma = in, .luma_step = 1, .luma_stride = state->stride,
	};
	/* Taken back at once: what is asked for while this picture is coded is for the next one. */
	bool forced = xchg(&ctx->force_keyframe, false);
	bool keyframe = forced || !ctx->since_keyframe ||
			(ctx->keyframe_period && ctx->since_keyframe >= ctx->keyframe_period);
	int size;

	switch (state->info->id) {
	case V4L2_PIX_FMT_YUV420:
		picture.cb = in + luma_size;
		picture.cr = picture.cb + luma_size / 4;
		picture.chroma_step = 1;
		picture.chroma_stride = state->stride / 2;
		break;
	case V4L2_PIX_FMT_NV12:
		picture.cb = in + luma_size;
		picture.cr = picture.cb + 1;
		picture.chroma_step = 2;
		picture.chroma_stride = state->stride;
		break;
	case V4L2_PIX_FMT_UYVY:
	case V4L2_PIX_FMT_YUYV:
		/* 4:2:2: the chroma of each second line is left out. */
		picture.luma = in + (state->info->id == V4L2_PIX_FMT_UYVY);
		picture.cb = in + (state->info->id == V4L2_PIX_FMT_YUYV);
		picture.cr = picture.cb + 2;
		picture.luma_step = 2;
		picture.chroma_step = 4;
		picture.chroma_stride = 2 * state->stride;
		break;
	case V4L2_PIX_FMT_RGB24:
		size = rgb_to_planes(ctx, &picture, in, state->stride);
		if (size < 0)
			return size;
		break;
	default:
		return -EINVAL;
	}
	size = h264_pcm_encode(&ctx->h264, &picture, out, capacity, &keyframe,
			       ctx->repeat_parameter_sets || !ctx->parameter_sets_sent);
	if (size < 0) {
		if (forced)
			ctx->force_keyframe = true;
		return size;
	}
	ctx->parameter_sets_sent = true;
	ctx->since_keyframe = keyframe ? 1 : ctx->since_keyframe + 1;
	*flags &= ~(V4L2_BUF_FLAG_KEYFRAME | V4L2_BUF_FLAG_PFRAME);
	*flags |= keyframe ? V4L2_BUF_FLAG_KEYFRAME : V4L2_BUF_FLAG_PFRAME;
	return size;
}

static int device_process(""",
)
core.replace(
    "comp_sz_or_errcode = v4l2_fwht_encode(state, p_src, p_dst);",
    """comp_sz_or_errcode = h264_encode(ctx, p_src, p_dst, vb2_plane_size(&dst_vb->vb2_buf, 0),
						 &dst_vb->flags);""",
)

# Controls, as the encoder of a Raspberry Pi has them.
core.replace(
    "		ctx->state.gop_size = ctrl->val;\n		return 0;\n",
    """		ctx->state.gop_size = ctrl->val;
		return 0;
	case V4L2_CID_MPEG_VIDEO_H264_I_PERIOD:
		ctx->keyframe_period = ctrl->val;
		return 0;
	case V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME:
		ctx->force_keyframe = true;
		return 0;
	case V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER:
		ctx->repeat_parameter_sets = ctrl->val;
		return 0;
	case V4L2_CID_MPEG_VIDEO_BITRATE:
	case V4L2_CID_MPEG_VIDEO_BITRATE_MODE:
	case V4L2_CID_MPEG_VIDEO_HEADER_MODE:
	case V4L2_CID_MPEG_VIDEO_H264_PROFILE:
	case V4L2_CID_MPEG_VIDEO_H264_LEVEL:
		return 0;
	case V4L2_CID_MPEG_VIDEO_H264_MIN_QP:
		if (ctrl->val > ctx->h264.coarsest_qp)
			return -ERANGE;
		ctx->h264.finest_qp = ctrl->val;
		return 0;
	case V4L2_CID_MPEG_VIDEO_H264_MAX_QP:
		if (ctrl->val < ctx->h264.finest_qp)
			return -ERANGE;
		ctx->h264.coarsest_qp = ctrl->val;
		return 0;
""",
)
core.replace(
    "	if (ctx->is_stateless)\n		v4l2_ctrl_new_custom(hdl, &vicodec_ctrl_stateless_state, NULL);\n	if (hdl->error) {",
    """	if (ctx->is_stateless)
		v4l2_ctrl_new_custom(hdl, &vicodec_ctrl_stateless_state, NULL);
	if (ctx->is_enc) {
		const struct v4l2_ctrl_ops *ops = &vicodec_ctrl_ops;

		ctx->h264.coarsest_qp = 51;
		v4l2_ctrl_new_std(hdl, ops, V4L2_CID_MPEG_VIDEO_BITRATE, 25000, 25000000, 25000, 10000000);
		v4l2_ctrl_new_std_menu(hdl, ops, V4L2_CID_MPEG_VIDEO_BITRATE_MODE,
				       V4L2_MPEG_VIDEO_BITRATE_MODE_CBR, 0, V4L2_MPEG_VIDEO_BITRATE_MODE_VBR);
		v4l2_ctrl_new_std(hdl, ops, V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, 0, 1, 1, 0);
		v4l2_ctrl_new_std_menu(hdl, ops, V4L2_CID_MPEG_VIDEO_HEADER_MODE,
				       V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME, 0,
				       V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME);
		v4l2_ctrl_new_std(hdl, ops, V4L2_CID_MPEG_VIDEO_H264_I_PERIOD, 0, 0x7fffffff, 1, 60);
		v4l2_ctrl_new_std(hdl, ops, V4L2_CID_MPEG_VIDEO_H264_MIN_QP, 0, 51, 1, 20);
		v4l2_ctrl_new_std(hdl, ops, V4L2_CID_MPEG_VIDEO_H264_MAX_QP, 0, 51, 1, 51);
		v4l2_ctrl_new_std_menu(hdl, ops, V4L2_CID_MPEG_VIDEO_H264_LEVEL,
				       V4L2_MPEG_VIDEO_H264_LEVEL_4_2, 0, V4L2_MPEG_VIDEO_H264_LEVEL_4_0);
		v4l2_ctrl_new_std_menu(hdl, ops, V4L2_CID_MPEG_VIDEO_H264_PROFILE,
				       V4L2_MPEG_VIDEO_H264_PROFILE_HIGH, 0, V4L2_MPEG_VIDEO_H264_PROFILE_HIGH);
		v4l2_ctrl_new_std(hdl, ops, V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME, 0, 0, 0, 0);
	}
	if (hdl->error) {""",
)
core.write("h264-test-encoder-core.c")

header = Source("codec-fwht.h")
header.replace(
    "#define vic_round_dim(dim, div) (round_up((dim) / (div), 8) * (div))",
    "extern unsigned int h264_align;\n#define vic_round_dim(dim, div) ((div) ? round_up((dim), h264_align) : 0)",
)
header.write("codec-fwht.h")
for name in ("codec-fwht.c", "codec-v4l2-fwht.c", "codec-v4l2-fwht.h"):
    Source(name).write(name)
