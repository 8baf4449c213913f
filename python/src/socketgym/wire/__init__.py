"""The SocketGym protocol (docs/protocol.md): frames, messages, values and spaces."""
