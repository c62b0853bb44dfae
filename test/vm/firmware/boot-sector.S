# What a computer boots: says which disk it came from, then prints the keys that the BIOS hears, a key without a character as <its scan
# code>. `as --defsym DISK=65` makes disk A's.
.code16
.globl _start
_start:
	ljmp $0, $begin
begin:
	xor %ax, %ax
	mov %ax, %ds
	mov %ax, %ss
	mov $_start, %sp
	mov $greeting, %si
greet:
	lodsb
	test %al, %al
	jz listen
	call put
	jmp greet

listen:
	xor %ah, %ah
	int $0x16 # Waits for a key: its character in al, its scan code in ah.
	test %al, %al
	jz unprintable
	call put
	cmp $'\r', %al
	jne listen
	mov $'\n', %al
	call put
	jmp listen
unprintable:
	mov $'<', %al
	call put
	mov %ah, %al
	shr $4, %al
	call put_digit
	mov %ah, %al
	and $15, %al
	call put_digit
	mov $'>', %al
	call put
	jmp listen

# al: 0 to 15.
put_digit:
	add $'0', %al
	cmp $'9', %al
	jbe put
	add $'A' - '9' - 1, %al
# al: a character.
put:
	push %ax
	mov $0x0e, %ah
	mov $7, %bx
	int $0x10
	pop %ax
	ret

greeting:
	.ascii "Booted from disk "
	.byte DISK
	.asciz ".\r\n"

	.org 510
	.word 0xaa55
