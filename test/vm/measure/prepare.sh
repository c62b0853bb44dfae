# The whole chain of both ways: an HDMI input and an encoder; a USB device controller and the host that it is plugged into.
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x3
modprobe h264_test_encoder multiplanar=1
modprobe -a dummy_hcd libcomposite usb_f_hid usbhid hid_generic evdev
mount -t configfs configfs /sys/kernel/config
