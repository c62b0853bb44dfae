# One HDMI input, and our H.264 encoder for memory-to-memory pictures.
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x3
modprobe h264_test_encoder multiplanar=1
