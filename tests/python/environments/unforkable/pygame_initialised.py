"""Has pygame start its subsystems."""

import pygame

pygame.init()
