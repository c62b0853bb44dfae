# One HDMI input, our encoder, a USB device controller that is wired to a host controller of the same machine.
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x3
modprobe h264_test_encoder multiplanar=1
modprobe -a dummy_hcd libcomposite usb_f_hid usbhid hid_generic evdev
