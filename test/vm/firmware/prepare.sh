# No driver of the host's side is loaded: the host of the gadget is another machine, whose USB reaches it through a virtio port.
modprobe -a dummy_hcd libcomposite usb_f_hid virtio_console
mount -t configfs configfs /sys/kernel/config
