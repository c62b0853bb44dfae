# A capture device with one HDMI input, whose source and faults are controls of it, and an H.264 encoder.
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x3
modprobe h264_test_encoder multiplanar=1
# What USB capture dongles are driven by, and a place to plug one in.
modprobe -a uvcvideo vhci_hcd
