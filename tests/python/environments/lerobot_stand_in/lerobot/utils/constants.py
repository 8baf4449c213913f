"""The names that policies know features by."""

OBS_STR = "observation"
OBS_ENV_STATE = OBS_STR + ".environment_state"
OBS_STATE = OBS_STR + ".state"
OBS_IMAGE = OBS_STR + ".image"
OBS_IMAGES = OBS_STR + ".images"
ACTION = "action"
