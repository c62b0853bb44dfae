/* SPDX-License-Identifier: GPL-2.0 */
#ifndef H264_PCM_H
#define H264_PCM_H

#include <linux/types.h>

/* A picture to code. Steps and strides are in bytes; a chroma row serves two luma rows. */
struct h264_pcm_picture {
	unsigned int width, height;
	const u8 *luma, *cb, *cr;
	unsigned int luma_step, luma_stride;
	unsigned int chroma_step, chroma_stride;
};

/* State between pictures. Zeroed at first; `previous` is to be freed with kvfree(). */
struct h264_pcm_encoder {
	u8 *previous;
	unsigned int columns, rows;
	unsigned int frame_number;
	bool second_idr;
};

/*
 * Codes one picture as an access unit in Annex B: constrained baseline, CAVLC, without loss. Becomes a keyframe when asked for
 * or when the size has changed (then *keyframe says so). Returns the size in bytes, -ENOSPC or -ENOMEM.
 */
int h264_pcm_encode(struct h264_pcm_encoder *encoder, const struct h264_pcm_picture *picture, u8 *out,
		    size_t capacity, bool *keyframe, bool parameter_sets);

#endif
