/* SPDX-License-Identifier: MIT */
/* RM's objects: clients, devices, address spaces, channels, by client and handle. */
#include "sim/model.h"

#include <stdlib.h>
#include <string.h>

#define CLASS_ROOT 0u

/* Classes that the model takes on every chip; the 3D class is the chip's own. */
static const uint32_t classes[] = {
	CLASS_ROOT, 0x0080 /* NV01_DEVICE_0 */, 0x2080 /* NV20_SUBDEVICE_0 */, 0x90f1 /* FERMI_VASPACE_A */,
	SIM_CLASS_CHANNEL, 0xc7b5 /* AMPERE_DMA_COPY_B */,
};

static struct sim_object *find(struct sim *s, uint32_t client, uint32_t handle)
{
	unsigned i;

	for (i = 0; i < s->gsp.object_n; i++)
		if (s->gsp.objects[i].client == client && s->gsp.objects[i].handle == handle)
			return &s->gsp.objects[i];
	return NULL;
}

static bool is_class(const struct sim *s, uint32_t class)
{
	unsigned i;

	if (class == s->chip->gr_class)
		return true;
	for (i = 0; i < NVT_ARRAY_SIZE(classes); i++)
		if (classes[i] == class)
			return true;
	return false;
}

uint32_t sim_object_alloc(struct sim *s, const struct sim_object *o)
{
	if (!is_class(s, o->class))
		return SIM_ERR_INVALID_CLASS;
	if (find(s, o->client, o->handle))
		return SIM_ERR_INSERT_DUPLICATE_NAME;
	if (o->class != CLASS_ROOT && !find(s, o->client, o->parent))
		return SIM_ERR_OBJECT_NOT_FOUND;
	if (s->gsp.object_n == SIM_OBJECTS_MAX)
		return SIM_ERR_INSUFFICIENT_RESOURCES;
	s->gsp.objects[s->gsp.object_n++] = *o;
	return 0;
}

bool sim_object_exists(struct sim *s, uint32_t client, uint32_t handle)
{
	return find(s, client, handle) != NULL;
}

static bool is_below(struct sim *s, const struct sim_object *o, uint32_t handle)
{
	unsigned depth;

	for (depth = 0; o && depth < SIM_OBJECTS_MAX; depth++) {
		if (o->handle == handle)
			return true;
		o = o->parent == o->handle ? NULL : find(s, o->client, o->parent);
	}
	return false;
}

/* Marks before it removes: an object's way up may lead over others that go too. */
uint32_t sim_object_free(struct sim *s, uint32_t client, uint32_t handle)
{
	unsigned i, kept = 0;

	if (!find(s, client, handle))
		return SIM_ERR_OBJECT_NOT_FOUND;
	for (i = 0; i < s->gsp.object_n; i++)
		s->gsp.objects[i].doomed = s->gsp.objects[i].client == client &&
					   is_below(s, &s->gsp.objects[i], handle);
	for (i = 0; i < s->gsp.object_n; i++)
		if (!s->gsp.objects[i].doomed)
			s->gsp.objects[kept++] = s->gsp.objects[i];
	s->gsp.object_n = kept;
	return 0;
}
