// SPDX-License-Identifier: GPL-2.0
/*
 * The smallest real H.264 encoder (ITU-T H.264): keyframes of I_PCM macroblocks, other pictures of P_Skip for what has not changed
 * and I_PCM for the rest. Clause numbers are those of the standard.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "h264_pcm.h"

/* 16x16 luma, 8x8 Cb, 8x8 Cr. */
#define MACROBLOCK_SIZE 384

#define NAL_SLICE 0x41
#define NAL_IDR_SLICE 0x65
#define NAL_SPS 0x67
#define NAL_PPS 0x68

/* What pic_init_qp_minus26 of 0 means. */
#define INITIAL_QP 26

#define SLICE_TYPE_P 5
#define SLICE_TYPE_I 7

/* mb_type of I_PCM in tables 7-11 and, after the five types of P, 7-13. */
#define MB_TYPE_I_PCM 25
#define MB_TYPE_I_PCM_IN_P 30

struct bit_writer {
	u8 *at, *end;
	unsigned int pending, pending_bits;
	unsigned int zeros;
	bool full;
};

static void write_raw(struct bit_writer *writer, u8 byte)
{
	if (writer->at == writer->end)
		writer->full = true;
	else
		*writer->at++ = byte;
}

/* A byte of a NAL unit: emulation prevention, 7.4.1. */
static void write_byte(struct bit_writer *writer, u8 byte)
{
	if (writer->zeros >= 2 && byte <= 3) {
		write_raw(writer, 3);
		writer->zeros = 0;
	}
	write_raw(writer, byte);
	writer->zeros = byte ? 0 : writer->zeros + 1;
}

static void write_bits(struct bit_writer *writer, u32 value, unsigned int count)
{
	while (count--) {
		writer->pending = writer->pending << 1 | (value >> count & 1);
		if (++writer->pending_bits == 8) {
			write_byte(writer, writer->pending);
			writer->pending = 0;
			writer->pending_bits = 0;
		}
	}
}

/* ue(v), 9.1; se(v) of 0 is the same bit. */
static void write_unsigned(struct bit_writer *writer, u32 value)
{
	unsigned int length = fls(value + 1);

	write_bits(writer, 0, length - 1);
	write_bits(writer, value + 1, length);
}

/* se(v), 9.1.1 */
static void write_signed(struct bit_writer *writer, int value)
{
	write_unsigned(writer, value > 0 ? 2 * value - 1 : -2 * value);
}

static void align_with_zeros(struct bit_writer *writer)
{
	while (writer->pending_bits)
		write_bits(writer, 0, 1);
}

static void begin_nal_unit(struct bit_writer *writer, u8 header)
{
	static const u8 start_code[] = { 0, 0, 0, 1 };
	unsigned int i;

	for (i = 0; i < sizeof(start_code); i++)
		write_raw(writer, start_code[i]);
	write_raw(writer, header);
	writer->pending = 0;
	writer->pending_bits = 0;
	writer->zeros = 0;
}

/* rbsp_trailing_bits, 7.3.2.11. */
static void end_nal_unit(struct bit_writer *writer)
{
	write_bits(writer, 1, 1);
	align_with_zeros(writer);
}

/* 7.3.2.1.1 */
static void write_sequence_parameters(struct bit_writer *writer, const struct h264_pcm_encoder *encoder,
				      const struct h264_pcm_picture *picture)
{
	unsigned int right = encoder->columns * 16 - picture->width;
	unsigned int bottom = encoder->rows * 16 - picture->height;

	begin_nal_unit(writer, NAL_SPS);
	write_bits(writer, 66, 8); /* profile_idc: baseline */
	write_bits(writer, 0xc0, 8); /* constraint_set0 and 1: constrained */
	write_bits(writer, 40, 8); /* level_idc */
	write_unsigned(writer, 0); /* seq_parameter_set_id */
	write_unsigned(writer, 0); /* log2_max_frame_num_minus4 */
	write_unsigned(writer, 2); /* pic_order_cnt_type: output order is decoding order */
	write_unsigned(writer, 1); /* max_num_ref_frames */
	write_bits(writer, 0, 1); /* gaps_in_frame_num_value_allowed_flag */
	write_unsigned(writer, encoder->columns - 1);
	write_unsigned(writer, encoder->rows - 1);
	write_bits(writer, 1, 1); /* frame_mbs_only_flag */
	write_bits(writer, 1, 1); /* direct_8x8_inference_flag */
	write_bits(writer, right || bottom, 1); /* frame_cropping_flag */
	if (right || bottom) {
		write_unsigned(writer, 0);
		write_unsigned(writer, right / 2);
		write_unsigned(writer, 0);
		write_unsigned(writer, bottom / 2);
	}
	write_bits(writer, 0, 1); /* vui_parameters_present_flag */
	end_nal_unit(writer);
}

/* 7.3.2.2 */
static void write_picture_parameters(struct bit_writer *writer)
{
	begin_nal_unit(writer, NAL_PPS);
	write_unsigned(writer, 0); /* pic_parameter_set_id */
	write_unsigned(writer, 0); /* seq_parameter_set_id */
	write_bits(writer, 0, 1); /* entropy_coding_mode_flag: CAVLC */
	write_bits(writer, 0, 1); /* bottom_field_pic_order_in_frame_present_flag */
	write_unsigned(writer, 0); /* num_slice_groups_minus1 */
	write_unsigned(writer, 0); /* num_ref_idx_l0_default_active_minus1 */
	write_unsigned(writer, 0); /* num_ref_idx_l1_default_active_minus1 */
	write_bits(writer, 0, 3); /* weighted_pred_flag, weighted_bipred_idc */
	write_unsigned(writer, 0); /* pic_init_qp_minus26 */
	write_unsigned(writer, 0); /* pic_init_qs_minus26 */
	write_unsigned(writer, 0); /* chroma_qp_index_offset */
	write_bits(writer, 1, 1); /* deblocking_filter_control_present_flag */
	write_bits(writer, 0, 2); /* constrained_intra_pred_flag, redundant_pic_cnt_present_flag */
	end_nal_unit(writer);
}

/* 7.3.3; the deblocking filter is off, else the decoded picture would not be the one that was given. */
static void write_slice_header(struct bit_writer *writer, struct h264_pcm_encoder *encoder, bool keyframe)
{
	write_unsigned(writer, 0); /* first_mb_in_slice */
	write_unsigned(writer, keyframe ? SLICE_TYPE_I : SLICE_TYPE_P);
	write_unsigned(writer, 0); /* pic_parameter_set_id */
	write_bits(writer, encoder->frame_number & 15, 4);
	if (keyframe) {
		write_unsigned(writer, encoder->second_idr); /* idr_pic_id: differs between neighbours */
		encoder->second_idr = !encoder->second_idr;
		write_bits(writer, 0, 2); /* no_output_of_prior_pics_flag, long_term_reference_flag */
	} else {
		write_bits(writer, 0, 2); /* num_ref_idx_active_override_flag, ref_pic_list_modification_flag_l0 */
		write_bits(writer, 0, 1); /* adaptive_ref_pic_marking_mode_flag */
	}
	write_signed(writer, (keyframe ? encoder->coarsest_qp : encoder->finest_qp) - INITIAL_QP); /* slice_qp_delta */
	write_unsigned(writer, 1); /* disable_deblocking_filter_idc */
}

static u8 *gather_plane(u8 *out, const u8 *plane, unsigned int size, unsigned int column, unsigned int row,
			unsigned int width, unsigned int height, unsigned int step, unsigned int stride)
{
	unsigned int x, y;

	for (y = row * size; y < (row + 1) * size; y++) {
		const u8 *line = plane + (size_t)min(y, height - 1) * stride;

		for (x = column * size; x < (column + 1) * size; x++)
			*out++ = line[(size_t)min(x, width - 1) * step];
	}
	return out;
}

/* Beyond the picture's edge its last column and row are repeated. */
static void gather_macroblock(u8 *out, const struct h264_pcm_picture *picture, unsigned int column, unsigned int row)
{
	out = gather_plane(out, picture->luma, 16, column, row, picture->width, picture->height,
			   picture->luma_step, picture->luma_stride);
	out = gather_plane(out, picture->cb, 8, column, row, picture->width / 2, picture->height / 2,
			   picture->chroma_step, picture->chroma_stride);
	gather_plane(out, picture->cr, 8, column, row, picture->width / 2, picture->height / 2,
		     picture->chroma_step, picture->chroma_stride);
}

/* 7.3.4 and 7.3.5; remembers the macroblocks, so that the next picture can skip those that stay the same. */
static void write_macroblocks(struct bit_writer *writer, struct h264_pcm_encoder *encoder,
			      const struct h264_pcm_picture *picture, bool keyframe)
{
	unsigned int column, row, i, skipped = 0;
	u8 *previous = encoder->previous;
	u8 macroblock[MACROBLOCK_SIZE];

	for (row = 0; row < encoder->rows; row++) {
		for (column = 0; column < encoder->columns; column++, previous += MACROBLOCK_SIZE) {
			gather_macroblock(macroblock, picture, column, row);
			if (!keyframe && !memcmp(previous, macroblock, MACROBLOCK_SIZE)) {
				skipped++;
				continue;
			}
			memcpy(previous, macroblock, MACROBLOCK_SIZE);
			if (!keyframe)
				write_unsigned(writer, skipped);
			skipped = 0;
			write_unsigned(writer, keyframe ? MB_TYPE_I_PCM : MB_TYPE_I_PCM_IN_P);
			align_with_zeros(writer);
			for (i = 0; i < MACROBLOCK_SIZE; i++)
				write_byte(writer, macroblock[i]);
		}
	}
	if (skipped)
		write_unsigned(writer, skipped);
}

void h264_pcm_from_rgb(struct h264_pcm_picture *picture, const u8 *rgb, unsigned int stride, u8 *planes)
{
	unsigned int width = picture->width, height = picture->height, x, y;
	u8 *luma = planes, *cb = planes + width * height, *cr = cb + width * height / 4;

	for (y = 0; y < height; y++) {
		for (x = 0; x < width; x++) {
			const u8 *p = rgb + (size_t)y * stride + 3 * x;

			luma[y * width + x] = 16 + ((66 * p[0] + 129 * p[1] + 25 * p[2] + 128) >> 8);
		}
	}
	for (y = 0; y < height / 2; y++) {
		for (x = 0; x < width / 2; x++) {
			const u8 *p = rgb + (size_t)2 * y * stride + 6 * x;
			const u8 *q = p + stride;
			int r = p[0] + p[3] + q[0] + q[3];
			int g = p[1] + p[4] + q[1] + q[4];
			int b = p[2] + p[5] + q[2] + q[5];

			cb[y * width / 2 + x] = 128 + ((-38 * r - 74 * g + 112 * b + 512) >> 10);
			cr[y * width / 2 + x] = 128 + ((112 * r - 94 * g - 18 * b + 512) >> 10);
		}
	}
	picture->luma = luma;
	picture->cb = cb;
	picture->cr = cr;
	picture->luma_step = 1;
	picture->chroma_step = 1;
	picture->luma_stride = width;
	picture->chroma_stride = width / 2;
}

static int prepare(struct h264_pcm_encoder *encoder, const struct h264_pcm_picture *picture, bool *keyframe)
{
	unsigned int columns = DIV_ROUND_UP(picture->width, 16);
	unsigned int rows = DIV_ROUND_UP(picture->height, 16);

	if (encoder->previous && encoder->columns == columns && encoder->rows == rows)
		return 0;
	kvfree(encoder->previous);
	encoder->previous = kvmalloc_array(columns * rows, MACROBLOCK_SIZE, GFP_KERNEL);
	if (!encoder->previous)
		return -ENOMEM;
	encoder->columns = columns;
	encoder->rows = rows;
	*keyframe = true;
	return 0;
}

int h264_pcm_encode(struct h264_pcm_encoder *encoder, const struct h264_pcm_picture *picture, u8 *out,
		    size_t capacity, bool *keyframe, bool parameter_sets)
{
	struct bit_writer writer = { .at = out, .end = out + capacity };
	int error = prepare(encoder, picture, keyframe);

	if (error)
		return error;
	if (*keyframe) {
		encoder->frame_number = 0;
		if (parameter_sets) {
			write_sequence_parameters(&writer, encoder, picture);
			write_picture_parameters(&writer);
		}
	}
	begin_nal_unit(&writer, *keyframe ? NAL_IDR_SLICE : NAL_SLICE);
	write_slice_header(&writer, encoder, *keyframe);
	write_macroblocks(&writer, encoder, picture, *keyframe);
	end_nal_unit(&writer);
	encoder->frame_number++;
	return writer.full ? -ENOSPC : writer.at - out;
}
