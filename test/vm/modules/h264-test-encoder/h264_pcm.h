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

/*
 * Makes the planes of a picture from packed RGB, 8 bits each, R first: BT.601 in limited range, chroma as the mean of four
 * pixels. `planes` takes width * height * 3 / 2 bytes; both sizes are even. Sets the picture's planes.
 */
void h264_pcm_from_rgb(struct h264_pcm_picture *picture, const u8 *rgb, unsigned int stride, u8 *planes);

/* State between pictures. Zeroed at first; `previous` is to be freed with kvfree(). */
struct h264_pcm_encoder {
	u8 *previous;
	unsigned int columns, rows;
	unsigned int frame_number;
	bool second_idr;
	/*
	 * What slices say of their quantizer: keyframes the coarsest, others the finest. Nothing is quantized, so that it changes
	 * no pixel.
	 */
	int finest_qp, coarsest_qp;
};

/*
 * Codes one picture as an access unit in Annex B: constrained baseline, CAVLC, without loss. Becomes a keyframe when asked for
 * or when the size has changed (then *keyframe says so). Returns the size in bytes, -ENOSPC or -ENOMEM.
 */
int h264_pcm_encode(struct h264_pcm_encoder *encoder, const struct h264_pcm_picture *picture, u8 *out,
		    size_t capacity, bool *keyframe, bool parameter_sets);

#endif
