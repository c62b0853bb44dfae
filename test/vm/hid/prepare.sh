# dummy_hcd is a USB device controller and the host that it is plugged into: what our gadget sends arrives at /dev/input.
modprobe -a dummy_hcd libcomposite usb_f_hid usbhid hid_generic evdev
mount -t configfs configfs /sys/kernel/config
