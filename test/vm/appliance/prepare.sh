# All of a board that the appliance drives: an HDMI input with a static source, an H.264 encoder, and a USB device controller
# that is plugged into a host. The host is this machine too, so what is typed arrives at /dev/input.
modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x3
modprobe h264_test_encoder multiplanar=1
modprobe -a dummy_hcd libcomposite usb_f_hid usbhid hid_generic evdev
mount -t configfs configfs /sys/kernel/config
