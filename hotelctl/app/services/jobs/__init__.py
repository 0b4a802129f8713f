"""Work that no request asks for, done for one hotel after the other."""
